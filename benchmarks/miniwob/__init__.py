"""MiniWoB++: 130 small tasks of the public benchmark, each given to Scout in the words that its page shows."""
