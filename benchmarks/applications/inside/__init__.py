"""What runs in the environments of the applications."""
