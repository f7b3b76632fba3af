"""The execution board: what became of each fund's budget, month by month."""
