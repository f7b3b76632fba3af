"""What an R&D project brought in a year: reported by its enterprise, verified by another."""
