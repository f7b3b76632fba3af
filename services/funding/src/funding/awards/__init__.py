"""Commitments to a payee."""
