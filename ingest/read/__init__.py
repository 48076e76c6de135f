"""Reads extracts as text: every cell a string, every row with the number that Excel shows."""
