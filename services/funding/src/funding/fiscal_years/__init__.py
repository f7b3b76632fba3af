"""The city's budget expenditure and its S&T items, per fiscal year."""
