"""Patent subsidies (专利资助): a patent is subsidised once in its life."""
