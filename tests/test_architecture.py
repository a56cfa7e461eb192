"""What the import linter cannot see. Each guard was seen failing by breaking it once."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from waystation.config.data_classes import DATA_CLASSES
from waystation.kernel.fields import BlindIndexField, SealedField
from waystation.organizations.addresses import addresses

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "waystation").rglob("*.py"))
ORDER = [
    "accounts", "kernel", "organizations", "stations.sites", "stations.duty", "stations.funds", "stewardship.people",
    "stewardship.rosters", "stewardship.duties", "stewardship.contacts", "stewardship.grids", "stewardship.groups",
    "stewardship.formalities", "stewardship.dues", "stewardship.education", "stewardship.appraisals", "portal", "web",
    "config",
]  # fmt: skip
OURS = [model for model in apps.get_models() if model.__module__.startswith("waystation.")]


def level(module: str) -> int:
    bare = module.removeprefix("waystation.")
    return next(place for place, name in enumerate(ORDER) if bare == name or bare.startswith(f"{name}."))


def test_every_url_is_guarded():
    assert [address.route for address in addresses() if not address.is_guarded] == []


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_foreign_key_points_down(model):
    own = level(model.__module__)
    for field in model._meta.get_fields():
        if field.is_relation and field.concrete and field.related_model.__module__.startswith("waystation."):
            assert level(field.related_model.__module__) <= own, f"{model._meta.label}.{field.name} points up"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_has_a_data_class(model):
    fields = {field.name for field in model._meta.get_fields() if getattr(field, "concrete", False)}

    assert DATA_CLASSES[model._meta.label_lower].names == fields


def test_the_registry_names_no_model_that_is_gone():
    assert set(DATA_CLASSES) == {model._meta.label_lower for model in OURS}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_sealed_columns_are_class_s3_and_digests_class_k(model):
    classes = DATA_CLASSES[model._meta.label_lower].fields
    for field in model._meta.concrete_fields:
        if isinstance(field, SealedField):
            assert classes[field.name] == "S3", field.name
        elif isinstance(field, BlindIndexField):
            assert classes[field.name] == "K", field.name
        else:
            assert classes[field.name] != "S3", f"{model._meta.label}.{field.name} is S3 and not sealed"


def test_every_nullable_time_with_a_doer_is_held_together_by_a_constraint():
    loose = []
    for model in OURS:
        names = {field.name: field for field in model._meta.concrete_fields}
        text = " ".join(
            str(constraint.condition) for constraint in model._meta.constraints if hasattr(constraint, "condition")
        )
        for name, field in names.items():
            doer = names.get(name.removesuffix("_at") + "_by") if name.endswith("_at") else None
            if doer is not None and field.null and doer.null and f"'{name}" not in text:
                loose.append(f"{model._meta.label}.{name}")

    # A commit is begun by somebody and finished by the worker, so the name stands before the time.
    assert loose == ["rosters.Import.committed_at"]


def test_nothing_switches_off_the_escaping_of_templates():
    found = []
    for path in sorted((ROOT / "waystation").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        if re.search(
            r"\|\s*safe\b|autoescape off|\bon(click|load|change|submit)\s*=|<style|style=\"|javascript:", text
        ):
            found.append(str(path.relative_to(ROOT)))

    assert found == []


def test_no_code_marks_text_as_safe_or_runs_text():
    banned = {"mark_safe", "eval", "exec", "raw", "extra", "RawSQL"}
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
                if name in banned and "migrations" not in path.parts:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} {name}")

    assert found == []


def _translated(tree) -> list:
    """The strings that stand in a call of gettext: an English sentence may quote a Chinese example."""
    names = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names)
    return [argument for call in calls for argument in call.args]


def test_no_chinese_text_stands_in_code_that_users_read():
    """Users' Chinese lives in the catalogues. Words that rosters use are data and stand in the files named here."""
    data = {
        "stewardship/rosters/fields.py",
        "stewardship/people/names.py",
        "stewardship/people/name_tables.py",
    }
    found = []
    for path in SOURCES:
        if path.name in ("views.py", "forms.py") and str(path.relative_to(ROOT / "waystation")) not in data:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            strings = [
                node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
            ]
            found += [
                f"{path.relative_to(ROOT)}:{node.lineno}"
                for node in strings
                if re.search("[一-鿿]", node.value) and node not in _translated(tree)
            ]

    assert found == []


def test_models_order_nothing_and_inherit_no_behaviour():
    assert [model._meta.label for model in OURS if model._meta.ordering] == []
    assert [model._meta.label for model in OURS if "save" in model.__dict__] == []
    assert all(isinstance(model._meta.pk, models.Field) for model in OURS)
