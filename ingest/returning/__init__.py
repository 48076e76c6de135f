"""The return loop: what could not be loaded goes back as a workbook and comes back corrected."""
