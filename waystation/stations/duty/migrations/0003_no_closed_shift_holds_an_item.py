"""Triggers that keep open items away from closed shifts, whichever way a row is written.

SQLite drops a trigger with its table: a later migration that rebuilds one of the two installs them anew.
"""

from django.db import migrations

REFUSAL = "no closed shift holds an open item"
GONE = (
    "SELECT 1 FROM duty_shift s WHERE s.id = NEW.shift_id AND (s.closed_at IS NOT NULL OR s.cancelled_at IS NOT NULL)"
)
HELD = "SELECT 1 FROM duty_openitem i WHERE i.shift_id = NEW.id AND i.done_at IS NULL"
ENDED = "NEW.closed_at IS NOT NULL OR NEW.cancelled_at IS NOT NULL"

INSTALL = {
    "sqlite": [
        f"""CREATE TRIGGER item_not_to_closed_shift_insert BEFORE INSERT ON duty_openitem
            WHEN NEW.shift_id IS NOT NULL AND EXISTS ({GONE})
            BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
        f"""CREATE TRIGGER item_not_to_closed_shift_update BEFORE UPDATE OF shift_id ON duty_openitem
            WHEN NEW.shift_id IS NOT NULL AND EXISTS ({GONE})
            BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
        f"""CREATE TRIGGER shift_not_closed_over_item BEFORE UPDATE ON duty_shift
            WHEN ({ENDED}) AND EXISTS ({HELD})
            BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION item_not_to_closed_shift() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF NEW.shift_id IS NOT NULL AND EXISTS ({GONE}) THEN
            RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$""",
        """CREATE TRIGGER item_not_to_closed_shift BEFORE INSERT OR UPDATE OF shift_id ON duty_openitem
            FOR EACH ROW EXECUTE FUNCTION item_not_to_closed_shift()""",
        f"""CREATE OR REPLACE FUNCTION shift_not_closed_over_item() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF ({ENDED}) AND EXISTS ({HELD}) THEN
            RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$""",
        """CREATE TRIGGER shift_not_closed_over_item BEFORE UPDATE ON duty_shift
            FOR EACH ROW EXECUTE FUNCTION shift_not_closed_over_item()""",
    ],
}
REMOVE = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS item_not_to_closed_shift_insert",
        "DROP TRIGGER IF EXISTS item_not_to_closed_shift_update",
        "DROP TRIGGER IF EXISTS shift_not_closed_over_item",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS item_not_to_closed_shift ON duty_openitem",
        "DROP FUNCTION IF EXISTS item_not_to_closed_shift()",
        "DROP TRIGGER IF EXISTS shift_not_closed_over_item ON duty_shift",
        "DROP FUNCTION IF EXISTS shift_not_closed_over_item()",
    ],
}


def run(connection, statements):
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)


def install(apps, schema_editor):
    run(schema_editor.connection, INSTALL)


def remove(apps, schema_editor):
    run(schema_editor.connection, REMOVE)


class Migration(migrations.Migration):
    dependencies = [("duty", "0002_rota_and_handover")]

    operations = [migrations.RunPython(install, remove)]
