"""Payments: made, checked, paid and settled by different people."""
