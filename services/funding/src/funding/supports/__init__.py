"""What the kinds of support besides projects share: filed by one, decided by another, an award."""
