"""Objections to a public notice, and how the office settled them."""
