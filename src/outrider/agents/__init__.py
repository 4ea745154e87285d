"""Agents: what they may do (actions), how they look at a page, and the loop that carries out a task."""
