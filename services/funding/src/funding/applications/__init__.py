"""Applications to a call, their attachments, and whether the applicant may apply."""
