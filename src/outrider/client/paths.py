"""Paths of single things."""

from urllib.parse import quote

__all__ = ["path_of"]


def path_of(base: str, name: str) -> str:
    """A name can't lead elsewhere: one that is empty or only dots is quoted beyond recognition."""
    return f"{base}/{quote(name, safe='', errors='replace').replace('.', '%2E') or '%20'}"
