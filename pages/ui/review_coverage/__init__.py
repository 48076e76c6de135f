"""The section on launches and whether they were reviewed before."""
