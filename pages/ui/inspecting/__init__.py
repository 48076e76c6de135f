"""The sections on inspections, what became of their issues, and on keeping the rules."""
