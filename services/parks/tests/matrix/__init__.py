"""How the objects of parks' authorisation matrix come to be."""
