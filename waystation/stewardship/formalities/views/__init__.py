"""Pages of formal transfers and of activity cards."""
