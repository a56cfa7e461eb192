"""Pages of the dues ledger."""
