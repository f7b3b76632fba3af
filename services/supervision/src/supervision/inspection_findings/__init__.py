"""What the team finds on the spot, with its evidence, before the inspection is written down."""
