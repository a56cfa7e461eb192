"""Questions about transfers and activity cards."""
