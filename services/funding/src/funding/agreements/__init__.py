"""Agreements on awards: tranches, each tied to a milestone that somebody accepts."""
