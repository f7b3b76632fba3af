"""What each kind of support pays in a year, as data."""
