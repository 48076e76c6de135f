"""Sections of the health check."""
