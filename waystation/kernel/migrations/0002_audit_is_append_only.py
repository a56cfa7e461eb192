"""Triggers that refuse to change or remove what the audit trail says, even to the application."""

from django.db import migrations

REFUSAL = "the audit trail is append-only"

INSTALL = {
    "sqlite": [
        f"""CREATE TRIGGER audit_event_refuses_{event} BEFORE {event} ON kernel_auditevent
            BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"""
        for event in ("update", "delete")
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
        *(
            f"""CREATE TRIGGER audit_event_refuses_{event} BEFORE {event} ON kernel_auditevent
                FOR EACH {each} EXECUTE FUNCTION audit_event_refuse()"""
            for event, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT"))
        ),
    ],
}
REMOVE = {
    "sqlite": [f"DROP TRIGGER IF EXISTS audit_event_refuses_{event}" for event in ("update", "delete")],
    "postgresql": [
        *(
            f"DROP TRIGGER IF EXISTS audit_event_refuses_{event} ON kernel_auditevent"
            for event in ("update", "delete", "truncate")
        ),
        "DROP FUNCTION IF EXISTS audit_event_refuse()",
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
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
