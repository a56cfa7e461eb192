"""Knocking at doors that are open without sign-in, and what is said to whoever knocks too often."""

from __future__ import annotations

from django.shortcuts import render
from django.utils import timezone

from waystation.kernel.actors import current_actor
from waystation.portal import throttle


def knock(door: throttle.Door) -> bool:
    """Whether this address may come in by the door now."""
    return throttle.admit(door, current_actor().ip, at=timezone.now())


def too_many(request, door: throttle.Door):
    response = render(request, "portal/too_many.html", status=429)
    response.headers["Retry-After"] = str(int(door.seconds))
    return response
