"""What became of the reviews and their opinions."""
