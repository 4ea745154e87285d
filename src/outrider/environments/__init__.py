"""Environments: snapshots of browsers, how they are packed, kept and given to new sessions."""
