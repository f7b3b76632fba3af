"""What money is there for."""
