"""Invented contents for the gallery of components. Nothing here is stored anywhere."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from waystation.kernel.form_fields import day_field
from waystation.kernel.models import Job

PAGES = {
    "workbench": ("web/gallery.html", _("Gallery: workbench")),
    "forms": ("web/gallery_forms.html", _("Gallery: forms")),
    "phone": ("web/gallery_phone.html", _("Gallery: phone")),
}
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TOWNS = ["桐山街道", "桐城街道", "山前街道", "太姥山镇", "店下镇"]


class SampleForm(forms.Form):
    """One field of each layout."""

    name = forms.CharField(label=_("Name"), help_text=_("As on the ID card, rare characters too."))
    phone = forms.CharField(label=_("Phone"), required=False)
    town = forms.ChoiceField(label=_("Town or street"), choices=[("", "—"), *((town, town) for town in TOWNS)])
    since = day_field(_("Here since"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), widget=forms.RadioSelect, choices=[("f", _("Female")), ("m", _("Male"))])
    helps = forms.MultipleChoiceField(
        label=_("Can help with"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("medicine", _("Medicine")), ("law", _("Law")), ("repairs", _("Repairs"))],
    )
    remark = forms.CharField(label=_("Remark"), widget=forms.Textarea, required=False)
    roster = forms.FileField(label=_("Roster"), help_text=_(".xlsx, .xls or .ods, up to 10 MB"))
    told = forms.BooleanField(label=_("I have told the person what this is for"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phone"].why = _(
            "To reach the member about organization life. Officers of the station see it masked."
        )


class SampleFilters(forms.Form):
    """The filters of a list."""

    q = forms.CharField(label=_("Name"), required=False)
    town = forms.ChoiceField(
        label=_("Town or street"),
        required=False,
        choices=[("", _("All")), *((town, town) for town in TOWNS)],
    )
    open_only = forms.BooleanField(label=_("Only open ones"), required=False)


def samples(request) -> dict:
    """The contents of every gallery page."""
    filters = {"town": TOWNS[0], "open_only": "on"}
    return {
        "jobs": jobs(),
        "empty_form": SampleForm(),
        "wrong_form": SampleForm({"name": "", "phone": "139", "town": TOWNS[1]}),
        "filters": SampleFilters(request.GET or filters),
        "members": members(),
        "columns": columns(),
        "rows": rows(),
        "pairs": pairs(),
        "tabs": [
            {"label": _("Matched"), "url": "#tabs", "count": 842, "is_active": True},
            {"label": _("In doubt"), "url": "#tabs", "count": 24},
            {"label": _("Only in the origin's roster"), "url": "#tabs", "count": 179},
            {"label": _("Overview"), "url": "#tabs"},
        ],
        "batch_actions": [
            {"label": _("Assign to a grid"), "url": "#batch"},
            {"label": _("Export"), "url": "#batch"},
            {"label": _("Confirm"), "url": "#batch", "is_primary": True},
        ],
        "failed": [{"what": "钟阿妹", "why": _("Somebody else has just decided this one.")}],
        "conflict": [
            {"name": "phone", "label": _("Phone"), "mine": "139****6624", "theirs": "158****1828"},
            {"name": "town", "label": _("Town or street"), "mine": TOWNS[1], "theirs": ""},
        ],
        "noon": NOON,
        "facts": facts(),
        "entries": entries(),
        "steps": [{"label": label, "url": "#steps"} for label in step_labels()],
        "tasks": tasks(),
        "chart": {
            "kind": "bar", "labels": TOWNS, "unit": _("people"),
            "series": [{"name": _("Members with a stay"), "values": [412, 268, 193, 121, 52]}],
        },
        "share": {
            "kind": "share", "labels": TOWNS, "unit": _("people"),
            "series": [{"name": _("Members with a stay"), "values": [412, 268, 193, 121, 52]}],
        },
    }  # fmt: skip


def jobs() -> list[Job]:
    """A job in each state, none of them stored."""
    title = _("Import of a roster")
    return [
        Job(title=title, state="queued"),
        Job(title=title, state="running", done=8_500, total=20_000, note=_("checking rows")),
        Job(title=title, state="running"),
        Job(title=title, state="done", done=20_000, total=20_000),
        Job(title=title, state="failed", error=_("The file could not be read.")),
    ]


def members() -> list[SimpleNamespace]:
    states = [
        (_("With a stay"), "ok"), (_("To be verified"), "warn"), (_("Overdue"), "due"),
        (_("Departed"), ""), (_("Newly registered"), "info"),
    ]  # fmt: skip
    names = ["陈　丽", "迪丽努尔·艾合买提", "林志强", "钟阿妹", "𠮷田㛃"]
    phones = ["13905931234", "15859331828", "13700930913", "", "18605937741"]
    return [
        SimpleNamespace(pk=index, name=name, phone=phone, state=state, tone=tone, town=town,
                        hours=hours, since=date(2024, 9, 2 + index))
        for index, (name, phone, (state, tone), town, hours) in enumerate(
            zip(names, phones, states, TOWNS, [26, 32, 4, 0, 1_045], strict=True)
        )
    ]  # fmt: skip


def columns() -> list[dict]:
    return [
        {"label": _("Town or street")},
        {"label": _("Members with a stay"), "is_number": True},
    ]


def rows() -> list[dict]:
    return [
        {"url": "#table", "cells": list(zip(columns(), [town, f"{count:,}"], strict=True))}
        for town, count in zip(TOWNS, [412, 268, 193, 121, 52], strict=True)
    ]


def facts() -> list[dict]:
    return [
        {"label": _("Name"), "value": "陈　丽", "url": "#facts"},
        {"label": _("Phone"), "value": "139****1234", "url": "#facts"},
        {"label": _("Employer"), "value": "", "url": "#facts"},
    ]


def entries() -> list[dict]:
    return [
        {"at": date(2026, 11, 19), "title": _("Took part in a theme day"), "tone": "ok",
         "note": _("entered by the station, 3 hours")},
        {"moment": NOON, "title": _("The grid leader called"), "note": _("mother in hospital")},
        {"at": date(2024, 9, 2), "title": _("Stay begun"), "tone": "plain"},
        {"title": _("Waiting for the origin's answer"), "tone": "waiting"},
    ]  # fmt: skip


def step_labels() -> list:
    return [_("Upload"), _("Columns"), _("Check"), _("Import"), _("Report")]


def tasks() -> list[dict]:
    return [
        {"label": _("Medical cover away from home"), "url": "#tasks", "tag": _("Due today"),
         "tone": "due", "note": _("promised in 3 working days"), "button": _("Open it")},
        {"label": _("5 arrivals are not verified yet"), "url": "#tasks", "tag": _("Over 7 days"),
         "tone": "warn", "note": "桐城街道 3，山前街道 2", "button": _("Open it"), "is_primary": True},
        {"label": _("Assign to a grid"), "tag": _("Not begun"), "tone": ""},
        {"label": _("Member file opened"), "tag": _("Completed"), "tone": "ok"},
    ]  # fmt: skip


def pairs() -> list[dict]:
    same = {"label": _("They are the same"), "url": "#pairs"}
    other = {"label": _("They are not"), "url": "#pairs"}
    return [
        {
            "title": "陈　丽 / 陈丽", "left": _("Origin's roster"), "right": _("Our register"),
            "tag": _("The other side has confirmed"), "tone": "ok",
            "rows": [
                {"label": _("Name"), "left": "陈　丽", "right": "陈丽"},
                {"label": _("Born"), "left": "1985年8月", "right": "1985年8月12日"},
                {"label": _("ID number"), "left": "350***********3027", "right": ""},
                {"label": _("Phone"), "left": "139****6624", "right": "139****6624"},
                {"label": _("Branch"), "left": "叠石乡竹阳党支部", "right": "叠石乡"},
            ],
            "reasons": [
                {"text": _("Phone the same"), "agrees": True},
                {"text": _("Name the same but for spaces"), "agrees": True},
                {"text": _("No ID number in our register"), "agrees": False},
            ],
            "actions": [{**same, "is_primary": True}, other],
        },
        {
            "title": "林志强 / 林志强", "left": _("Origin's roster"), "right": _("Our register"),
            "tag": _("Please check"), "tone": "warn",
            "rows": [
                {"label": _("Name"), "left": "林志强", "right": "林志强"},
                {"label": _("ID number"), "left": "350***********4116",
                 "right": "350***********4113"},
                {"label": _("Phone"), "left": "137****0913", "right": "186****7741"},
            ],
            "reasons": [{"text": _("Both ID numbers are valid and differ"), "agrees": False}],
            "actions": [same, other],
        },
    ]  # fmt: skip
