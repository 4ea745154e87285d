"""Who makes a request: organisations and their keys."""
