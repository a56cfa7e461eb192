"""What the tree tells the pillars above it. Past tense, upward only."""

from django.dispatch import Signal

unit_moved = Signal()  # unit, old_path, new_path: every path kept on rows above must follow
