"""Sections of the page that compares sub-branches."""
