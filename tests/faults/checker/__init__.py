"""Compares what callers were told with what every store holds, and names what does not fit."""
