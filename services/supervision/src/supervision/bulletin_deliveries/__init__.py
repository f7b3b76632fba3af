"""Deliveries of bulletins: to whom each was sent, and who has confirmed it."""
