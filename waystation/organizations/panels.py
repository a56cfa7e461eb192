"""Parts of a unit's page that apps above add: `make(unit, user)` gives a panel, or None."""

from waystation.kernel.panels import Panel, Panels

_panels = Panels()
register, panels_of = _panels.register, _panels.of

__all__ = ["Panel", "panels_of", "register"]
