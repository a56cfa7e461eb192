"""Triggers that refuse, even to the application, to change a published round and what was handed in."""

from django.db import migrations

ROUND, CRITERION, ASSESSMENT = "appraisals_appraisalround", "appraisals_criterion", "appraisals_assessment"
FROZEN = (
    "unit_id", "year", "title", "standards", "demands", "goals", "method", "mutual", "peers", "weight_self",
    "weight_mutual", "weight_station", "weight_origin", "excellent_from", "qualified_from", "basic_from", "cutoff_on",
    "due_on", "reply_days", "excellent_limit", "ballot_points", "published_at",
)  # fmt: skip
STEPS = (
    "draft>published", "draft>withdrawn", "published>withdrawn", "published>scoring", "scoring>unsealed",
    "unsealed>replies", "replies>decided", "decided>closed",
)  # fmt: skip
_STEPS = ", ".join(f"'{step}'" for step in STEPS)
_CHANGED = " OR ".join(f"OLD.{name} {{differs}} NEW.{name}" for name in FROZEN)


def _state(row: str) -> str:
    return f"(SELECT state FROM {ROUND} WHERE id = {row}.round_id)"  # noqa: S608 - names of our own tables


_WEIGHT = f"(SELECT COALESCE(SUM(weight), 0) FROM {CRITERION} WHERE round_id = NEW.id)"  # noqa: S608 - our own tables

# name: (table, event, condition under which it is refused, the refusal)
GUARDS = {
    "appraisal_criterion_insert": (CRITERION, "INSERT", f"{_state('NEW')} <> 'draft'", "the criteria are published"),
    "appraisal_criterion_update": (
        CRITERION, "UPDATE", f"{_state('OLD')} <> 'draft' OR {_state('NEW')} <> 'draft'", "the criteria are published",
    ),
    "appraisal_criterion_delete": (CRITERION, "DELETE", f"{_state('OLD')} <> 'draft'", "the criteria are published"),
    "appraisal_round_insert": (ROUND, "INSERT", "NEW.state <> 'draft'", "a round begins as a draft"),
    "appraisal_round_frozen": (
        ROUND, "UPDATE", f"OLD.state <> 'draft' AND ({_CHANGED})", "a published round does not change",
    ),
    "appraisal_round_step": (
        ROUND, "UPDATE", f"OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) NOT IN ({_STEPS})",
        "a round goes on step by step",
    ),
    "appraisal_round_weights": (
        ROUND, "UPDATE", f"OLD.state = 'draft' AND NEW.state = 'published' AND {_WEIGHT} <> 100",
        "the criteria weigh 100",
    ),
    "appraisal_assessment_insert": (
        ASSESSMENT, "INSERT", f"NEW.handed_in_at IS NOT NULL AND {_state('NEW')} <> 'scoring'",
        "nothing is handed in at this step",
    ),
    "appraisal_assessment_update": (
        ASSESSMENT, "UPDATE",
        f"OLD.handed_in_at {{differs}} NEW.handed_in_at AND (OLD.handed_in_at IS NOT NULL OR {_state('NEW')} <> "
        "'scoring')",
        "what is handed in stays",
    ),
    "appraisal_assessment_delete": (
        ASSESSMENT, "DELETE", "OLD.handed_in_at IS NOT NULL", "what is handed in stays",
    ),
}  # fmt: skip


def _sqlite(name, table, event, condition, refusal):
    condition = condition.format(differs="IS NOT")
    yield f"""CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition}
              BEGIN SELECT RAISE(ABORT, '{refusal}'); END"""


def _postgresql(name, table, event, condition, refusal):
    condition = condition.format(differs="IS DISTINCT FROM")
    answer = "OLD" if event == "DELETE" else "NEW"
    yield f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF {condition} THEN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'check_violation'; END IF;
              RETURN {answer}; END $$"""
    yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def install(apps, schema_editor):
    make = {"sqlite": _sqlite, "postgresql": _postgresql}[schema_editor.connection.vendor]
    with schema_editor.connection.cursor() as cursor:
        for name, guard in GUARDS.items():
            for statement in make(name, *guard):
                cursor.execute(statement)


def remove(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    with schema_editor.connection.cursor() as cursor:
        for name, (table, *_rest) in GUARDS.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + ("" if is_sqlite else f" ON {table}"))
            if not is_sqlite:
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")


class Migration(migrations.Migration):
    dependencies = [("appraisals", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
