"""Short messages after something was done, with a way back where there is one."""

from django.contrib import messages

UNDO = "undo:"


def toast(request, text: str, *, undo: str = "") -> None:
    """Tell the user on the next page that it is done; `undo` is a path that takes a POST."""
    messages.success(request, text, extra_tags=f"{UNDO}{undo}" if undo else "")


def undo_path(extra_tags: str) -> str:
    """The path that undoes what a message reports; empty if there is none."""
    return extra_tags[len(UNDO) :] if (extra_tags or "").startswith(UNDO) else ""
