"""What the park registry has told of enterprises, kept as a copy for eligibility."""
