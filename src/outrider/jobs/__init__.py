"""Jobs of clients: when they are due, what they are told, and the runs that the engine makes of them."""
