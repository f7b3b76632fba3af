"""Registered technology contracts, and the technology trade volume made of them."""
