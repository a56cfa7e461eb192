"""Panels of the desk, in their order."""

# isort: off
from waystation.web.desk_panels.core import Panel, panels_of
from waystation.web.desk_panels import duty, grids
# isort: on

__all__ = ["Panel", "duty", "grids", "panels_of"]
