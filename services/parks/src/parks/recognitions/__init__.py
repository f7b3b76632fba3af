"""Recognitions of enterprises, and the class they give while they are valid."""
