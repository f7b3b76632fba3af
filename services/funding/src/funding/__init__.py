"""Budgets, awards and payments in a double-entry journal, and the rules that watch them."""
