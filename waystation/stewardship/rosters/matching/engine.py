"""Runs the model over two rosters with Splink on DuckDB and gives back the pairs worth a look."""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from waystation.stewardship.rosters.matching import blocks, model
from waystation.stewardship.rosters.matching.records import Features

_LISTS = {"mobiles", "lines", "name_gaps"}
_NUMBERS = {"birth_days", "since_days"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair with its outcome: the level's code of each comparison that could be made."""

    origin: int  # position among the origin's rows
    arrival: int
    weight: float  # log2 of how much likelier one person is than two, the prior included
    levels: dict[str, str]


def settings(origins: int, arrivals: int):
    """The model as Splink reads it."""
    from splink import SettingsCreator  # noqa: PLC0415 - slow import

    return SettingsCreator(
        link_type="link_only",
        comparisons=[_comparison(comparison) for comparison in model.COMPARISONS],
        probability_two_random_records_match=model.prior(origins, arrivals),
        retain_matching_columns=True,  # the outcomes come only with them
        retain_intermediate_calculation_columns=False,
    )


def _comparison(comparison: model.Comparison) -> dict:
    levels = [
        {
            "sql_condition": _splink_sql(comparison.unknown_sql),
            "label_for_charts": "unknown",
            "is_null_level": True,
        }
    ]
    for level in comparison.levels:
        stated = {
            "sql_condition": _splink_sql(level.sql),
            "label_for_charts": level.code,
            "m_probability": level.m,
            "u_probability": level.u,
        }
        if level.frequency_of:
            stated |= {
                "tf_adjustment_column": level.frequency_of,
                "tf_minimum_u_value": model.RAREST_NAME,
                "disable_tf_exact_match_detection": True,
            }
        levels.append(stated)
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def _splink_sql(condition: str) -> str:
    """Splink writes the sides after the columns: `name_l`, not `l.name`."""
    if condition == "ELSE":
        return condition
    return "(" + re.sub(r"\b([lr])\.(\w+)", r"\2_\1", condition) + ")"


def candidates(
    origins: Sequence[Features],
    arrivals: Sequence[Features],
    *,
    threshold: float,
    memory_limit: str,
) -> Iterator[Candidate]:
    """Every pair that shares a blocking key and weighs at least the threshold."""
    import duckdb  # noqa: PLC0415 - slow import
    from splink import DuckDBAPI, Linker  # noqa: PLC0415 - slow import

    logging.getLogger("splink").setLevel(logging.ERROR)
    # What does not fit into memory is spilled to a folder that goes with the run.
    spill = tempfile.TemporaryDirectory(prefix="matching-")
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory_limit,
            "temp_directory": spill.name,
            "autoinstall_known_extensions": "false",
        },
    )
    try:
        for name, rows in (("origin", origins), ("arrival", arrivals)):
            _load(connection, name, rows)
        _block(connection)
        api = DuckDBAPI(connection)
        tables = [api.register(name, dataset_display_name=name) for name in ("origin", "arrival")]
        linker = Linker(tables, settings(len(origins), len(arrivals)), log_level=None)
        linker.table_management.register_blocked_pairs_for_predict(api.register("blocked"))
        predicted = linker.inference.predict(threshold_match_weight=threshold, warning_mode="never")
        yield from _read(connection, predicted.physical_name)
    finally:
        connection.close()
        spill.cleanup()


def _load(connection, name: str, rows: Sequence[Features]) -> None:
    """A table of the rows, numbered; through Arrow, which copies whole columns."""
    import pyarrow  # noqa: PLC0415 - slow import

    types = {
        column: pyarrow.list_(pyarrow.string())
        if column in _LISTS
        else pyarrow.int64()
        if column in _NUMBERS
        else pyarrow.string()
        for column in Features._fields
    }
    columns = zip(*rows, strict=True) if rows else ([] for _ in Features._fields)
    table = pyarrow.table(
        {"unique_id": pyarrow.array(range(len(rows)), pyarrow.int64())}
        | {
            column: pyarrow.array(values, types[column])
            for column, values in zip(Features._fields, columns, strict=True)
        }
    )
    connection.register("incoming", table)
    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming")  # noqa: S608 - our own name
    connection.unregister("incoming")


def _block(connection) -> None:
    """The pairs to compare, in the shape in which Splink takes them."""
    for side in ("origin", "arrival"):
        connection.execute(f"CREATE TEMP TABLE {side}_keys AS {blocks.keys_sql(side)}")
    connection.execute(
        f"""
        CREATE TABLE blocked AS
        SELECT 0 AS match_key, 'origin-__-' || origin AS join_key_l,
               'arrival-__-' || arrival AS join_key_r
        FROM ({blocks.pairs_sql("origin_keys", "arrival_keys")})
        """  # noqa: S608 - our own names
    )
    for side in ("origin", "arrival"):
        connection.execute(f"DROP TABLE {side}_keys")


def _read(connection, table: str) -> Iterator[Candidate]:
    """The predictions as candidates, in the order of their rows."""
    gammas = ", ".join(f"gamma_{comparison.name}" for comparison in model.COMPARISONS)
    cursor = connection.execute(
        f"SELECT unique_id_l, unique_id_r, match_weight, {gammas} FROM {table}"  # noqa: S608 - ours
        " ORDER BY unique_id_l, unique_id_r"
    )
    names = [comparison.name for comparison in model.COMPARISONS]
    # Splink numbers the levels from the last, 0, upwards; -1 is the missing fact.
    codes = [[level.code for level in reversed(comparison.levels)] for comparison in model.COMPARISONS]
    while batch := cursor.fetchmany(20_000):
        for origin, arrival, weight, *outcome in batch:
            yield Candidate(
                origin,
                arrival,
                round(weight, 4),
                {name: code[value] for name, code, value in zip(names, codes, outcome, strict=True) if value >= 0},
            )
