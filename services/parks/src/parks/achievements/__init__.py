"""Achievements of science and technology that went into use: from whom, to which enterprise."""
