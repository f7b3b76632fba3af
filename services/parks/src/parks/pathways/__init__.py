"""What a park needs for the grade it wants, in words and numbers."""
