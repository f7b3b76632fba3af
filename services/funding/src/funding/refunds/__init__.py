"""Refunds: money that a payee gives back."""
