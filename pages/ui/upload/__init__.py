"""Parts of the page on which files are uploaded, checked, confirmed and loaded."""
