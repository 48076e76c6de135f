"""Sections of the attainment page."""
