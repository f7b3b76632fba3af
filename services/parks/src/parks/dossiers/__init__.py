"""Everything that is known of one enterprise, also by the other services."""
