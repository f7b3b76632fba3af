"""Transfers of budget from one line to another."""
