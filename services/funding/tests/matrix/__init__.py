"""How the objects of funding's authorisation matrix come to be."""
