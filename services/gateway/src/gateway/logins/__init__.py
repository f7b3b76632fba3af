"""People log in at the city's identity provider; inside, they carry a token of our own."""
