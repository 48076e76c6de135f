"""Sections of the page that traces concentrations of complaints."""
