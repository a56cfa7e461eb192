"""Writes on rosters and on the reconciliation board."""
