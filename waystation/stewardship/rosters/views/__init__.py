"""Pages of the rosters: the import wizard, the reconciliation board, one pair, and what is taken out."""
