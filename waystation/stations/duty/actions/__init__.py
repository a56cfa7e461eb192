"""Writes on duty: postings, the rota, shifts, and what is to be done."""

from waystation.stations.duty.actions.items import (
    AlreadyDone,
    batch_of,
    finish_item,
    finish_key,
    move_items,
    new_item,
    open_item,
    open_items,
)

__all__ = ["AlreadyDone", "batch_of", "finish_item", "finish_key", "move_items", "new_item", "open_item", "open_items"]
