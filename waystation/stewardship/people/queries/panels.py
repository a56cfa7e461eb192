"""Parts of a person's page that apps above add, beside the time line: `make(person, user, sight)` gives a panel, or
None where there is nothing that the user may see."""

from waystation.kernel.panels import Panel, Panels

_panels = Panels()
register, panels_of = _panels.register, _panels.of

__all__ = ["Panel", "panels_of", "register"]
