"""Reads of the rosters: imports and their rows, the board, and one pair side by side."""
