"""Annual innovation awards (自主创新奖励) to collectives and individuals."""
