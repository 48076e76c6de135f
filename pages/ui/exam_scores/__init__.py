"""How exam scores spread, and where they are low."""
