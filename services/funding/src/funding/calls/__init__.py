"""Calls for applications: what a fund asks for, of whom, until when."""
