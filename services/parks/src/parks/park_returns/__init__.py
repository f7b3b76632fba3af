"""What a park tells of itself, beside the sum of its enterprises."""
