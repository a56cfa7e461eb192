"""Triggers by which money that is booked stays booked, even to the application."""

from django.db import migrations

from waystation.kernel import append_only

DECIDED = ("state decided_at decided_by_id decision", "OLD.state <> 'entered'")
GUARDS = (
    append_only.Guard(
        "funds_appropriation",
        "id account_id source document_no amount granted_on remark reverses_id reason entered_at entered_by_id",
        once=(DECIDED, ("received_on", "OLD.received_on IS NOT NULL OR OLD.state = 'returned'")),
    ),
    append_only.Guard(
        "funds_budgetchange",
        "id account_id giver_id taker_id amount reason entered_at entered_by_id",
        once=(DECIDED,),
    ),
    append_only.Guard(
        "funds_expense",
        "id account_id number line_id amount spent_on payee purpose voucher_id reverses_id reason entered_at entered_by_id",
        once=(DECIDED, ("booked_on", "OLD.state <> 'entered'")),
    ),
)


def install(apps, schema_editor):
    append_only.install(schema_editor.connection, GUARDS)


def remove(apps, schema_editor):
    append_only.remove(schema_editor.connection, GUARDS)


class Migration(migrations.Migration):
    dependencies = [("funds", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
