"""Pages of the money of stations."""
