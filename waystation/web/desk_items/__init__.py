"""What can stand on a desk. Each part registers its items; they stand in the order of the imports here."""

# The order of the desk, not of the alphabet.
# isort: off
from waystation.web.desk_items.core import Desk, Item, items_of
from waystation.web.desk_items import registers
from waystation.web.desk_items import (
    sites,
    duty,
    funds,
    duties,
    contacts,
    groups,
    formalities,
    dues,
    education,
    appraisals,
)
from waystation.web.desk_items import system
# isort: on

__all__ = [
    "Desk",
    "Item",
    "appraisals",
    "contacts",
    "dues",
    "duties",
    "duty",
    "education",
    "formalities",
    "funds",
    "groups",
    "items_of",
    "registers",
    "sites",
    "system",
]
