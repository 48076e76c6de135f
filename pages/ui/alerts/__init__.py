"""Sections of the page of alerts, and its few lines for the overview."""
