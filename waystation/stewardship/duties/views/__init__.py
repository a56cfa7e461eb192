"""Pages of duty sheets."""
