"""How much screening catches, how often it cries wolf, and what it costs."""
