"""Appeals against a published score, and the rulings on them."""
