"""Sections of the page that explains one number."""
