"""Whole tasks on real applications that we did not write."""
