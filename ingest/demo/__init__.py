"""Demo data: realistic extracts of one invented branch, written as real files look."""
