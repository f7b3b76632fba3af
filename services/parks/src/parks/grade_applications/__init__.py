"""A park's application for a grade: what it has of each criterion, the evidence, the decision."""
