"""Payment batches: many payments that leave for the treasury in one file."""
