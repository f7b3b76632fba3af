"""How the objects of supervision's authorisation matrix come to be."""
