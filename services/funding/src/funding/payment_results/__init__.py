"""What the treasury says became of the payments of a batch."""
