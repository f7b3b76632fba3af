"""The forms that returns are filed by: what is asked of whom, from which period on."""
