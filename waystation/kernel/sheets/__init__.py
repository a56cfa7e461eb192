"""Spreadsheets in and out.

Reading: `reading.peek(file, fields)` proposes what each sheet means, `reading.rows(file, table)`
streams the chosen one, `cells` turns what was typed into values and problems in words.
Writing: `ledgers.write_ledger` and `ledgers.write_wrong_rows`.

`limits`, `preflight`, `compound` and `engine` also run inside the jail, where Django is not
loaded; that is why this page imports nothing.
"""
