"""The cut: all the data of a bulletin, as it is at one moment."""
