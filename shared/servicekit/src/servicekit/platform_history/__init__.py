"""The platform tables as each version made them: migrations call these, so they stay."""
