"""Supervision items: what fell behind, who puts it right, and until when."""
