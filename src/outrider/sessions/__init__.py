"""Sessions: their lifecycle and what can be done to them, whatever the surface."""
