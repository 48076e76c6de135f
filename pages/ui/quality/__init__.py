"""Sections of the data quality page."""
