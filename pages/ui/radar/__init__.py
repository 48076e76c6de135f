"""Sections of the page of oddities in the data, asked as questions."""
