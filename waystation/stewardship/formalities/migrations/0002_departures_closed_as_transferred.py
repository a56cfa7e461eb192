"""Departures that the receipt of a transfer closed were told as returned home; nobody had come home."""

from django.db import migrations
from django.db.models import Exists, OuterRef


def tell_apart(apps, schema_editor):
    """Receipt and departure were closed in one act, at one moment."""
    departures = apps.get_model("people", "Departure").objects
    received = apps.get_model("formalities", "Transfer").objects.filter(
        state="received", person=OuterRef("person"), closed_at=OuterRef("closed_at")
    )
    departures.filter(Exists(received), state="returned").update(state="transferred")


def say_returned(apps, schema_editor):
    """The version before knows no other word."""
    apps.get_model("people", "Departure").objects.filter(state="transferred").update(state="returned")


class Migration(migrations.Migration):
    dependencies = [
        ("formalities", "0001_transfers_and_cards"),
        ("people", "0007_departures_closed_as_transferred"),
    ]

    operations = [migrations.RunPython(tell_apart, say_returned)]
