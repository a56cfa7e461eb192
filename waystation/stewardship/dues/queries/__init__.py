"""Reads on dues that several pages share."""

from waystation.stewardship.dues.queries.books import Book, MonthRow, book_of, books_of
from waystation.stewardship.dues.queries.lists import Standing, branches_of, dues_by, members_of, overdue, reductions_by
from waystation.stewardship.dues.queries.tables import Tables, tables

__all__ = [
    "Book",
    "MonthRow",
    "Standing",
    "Tables",
    "book_of",
    "books_of",
    "branches_of",
    "dues_by",
    "members_of",
    "overdue",
    "reductions_by",
    "tables",
]
