"""Sections of the one-page profile of a sub-branch."""
