"""The section on what complainants say of the handling."""
