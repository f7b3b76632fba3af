"""The money's way, walked at random over HTTP beside a plain model of it."""
