"""What all documents have in common: a maker, and another who decides."""
