"""The one door: routing, tokens, clients, the merged API document."""
