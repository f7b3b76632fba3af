"""Interest subsidies (贴息): a share of what a loan cost in a period."""
