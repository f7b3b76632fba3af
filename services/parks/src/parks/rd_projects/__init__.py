"""R&D projects: what they were to bring, and what their verified results have brought so far."""
