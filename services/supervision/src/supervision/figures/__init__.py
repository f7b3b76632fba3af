"""What the other services tell of numbers, kept for the bulletin and the assessment."""
