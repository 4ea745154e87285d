"""What a principal may do, and how much of it: one gate for all surfaces."""
