"""Refusals, each with the sentence that says why."""


class StationRefused(Exception):
    """The station cannot stand there, serve that, or be open then."""


class FunctionRefused(Exception):
    """The checklist or what a station says of it cannot be so."""


class RoomRefused(Exception):
    """The room cannot be so."""
