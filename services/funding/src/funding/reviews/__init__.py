"""Expert reviews: assigned, free of interest, scored on their own."""
