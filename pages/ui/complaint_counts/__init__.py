"""The section on how many complaints: gross and merged, over bases, and of which kind."""
