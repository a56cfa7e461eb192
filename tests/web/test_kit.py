"""The page kit: what every page is made of keeps its promises."""

import re
from datetime import UTC, date, datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from tests.web.pages import NOON, Elements, request_of
from waystation.kernel.models import Job
from waystation.kernel.partial_dates import PartialDate
from waystation.kernel.templatetags import ui
from waystation.web import context, gallery, navigation

ROOT = django_settings.ROOT
PACKAGE = ROOT / "waystation"
STATIC = PACKAGE / "kernel" / "static"


# --- files ------------------------------------------------------------------------------------------
def templates() -> dict[Path, str]:
    return {file: file.read_text() for file in PACKAGE.glob("**/templates/**/*.html")}


def test_every_icon_that_is_drawn_is_in_the_sprite():
    spec = spec_from_file_location("assets", ROOT / "tools" / "assets.py")
    assets = module_from_spec(spec)
    spec.loader.exec_module(assets)
    drawn = {entry.icon for chapter in navigation.CHAPTERS for entry in chapter.entries}
    for text in templates().values():
        drawn |= set(re.findall(r"""\{% icon ["']([a-z0-9-]+)["']""", text))

    assert drawn - set(assets.ICONS) == set()
    assert sorted(set(assets.ICONS)) == sorted(assets.ICONS)


def test_templates_hold_no_inline_style_script_or_handler():
    for file, text in templates().items():
        for forbidden in (r"\sstyle=", r"\son[a-z]+=[\"']", r"\bhx-on", r"javascript:", r"\|\s*safe\b"):
            assert not re.search(forbidden, text), (file.name, forbidden)
        for script in re.findall(r"<script\b[^>]*>", text):
            assert "src=" in script, (file.name, script)


def test_nothing_is_fetched_from_elsewhere():
    for file in [*templates(), STATIC / "ui.css", STATIC / "ui.js", STATIC / "charts.js"]:
        addresses = re.findall(r"""(?:src|href|url\(|@import)\s*[=(]?\s*["']?(https?:)?//""", file.read_text())
        assert addresses == [], file.name


def test_style_sheet_works_on_chromium_78():
    css = re.sub(r"/\*.*?\*/", "", (STATIC / "ui.css").read_text(), flags=re.S)
    for late in (":has(", ":is(", ":where(", "color-mix(", "@container", "@layer", "inset:",
                 "aspect-ratio", "clamp(", " min(", " max(", "margin-inline", "padding-inline", "dvh"):  # fmt: skip
        assert late not in css, late
    for rule in re.findall(r"\{([^{}]*)\}", css):
        if re.search(r"(?<![-\w])gap:", rule):  # space between flex items came with 84
            assert "grid" in rule, rule


def test_scripts_are_es2019_and_small():
    lines = 0
    for name in ("ui.js", "charts.js"):
        text = (STATIC / name).read_text()
        lines += len(text.splitlines())
        for late in ("?.", "??", "||=", "&&=", "replaceAll(", ".at(", "innerHTML", "eval(", "#private"):
            assert late not in re.sub(r"//.*", "", text), (name, late)
    assert lines < 350


# --- words and numbers --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "chinese", "english"),
    [
        (date(2026, 1, 3), "2026年1月3日", "2026-01-03"),
        (PartialDate(1985, 8), "1985年8月", "1985-08"),
        (PartialDate(1985), "1985年", "1985"),
        (datetime(2026, 1, 2, 17, 0, tzinfo=UTC), "2026年1月3日", "2026-01-03"),
        (None, "", ""),
    ],
)
def test_dates_are_written_as_the_language_writes_them(day, chinese, english):
    with translation.override("zh-hans"):
        assert ui.zh_date(day) == chinese
    with translation.override("en"):
        assert ui.zh_date(day) == english


def test_times_are_local():
    with translation.override("en"):
        assert ui.zh_time(NOON) == "2026-11-23 12:00"


@pytest.mark.parametrize(("number", "shown"), [(1234567, "1,234,567"), (0, "0"), (None, "—"), (-1200, "-1,200")])
def test_thousands_are_separated(number, shown):
    assert ui.thousands(number) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("350982198508123027", "350***********3027"),
        ("13905931234", "139****1234"),
        ("12345678", "********"),
        ("", ""),
    ],
)
def test_masks_show_the_ends_and_never_a_short_value(text, shown):
    assert ui.mask(text) == shown


@pytest.mark.parametrize(
    ("mine", "other", "marked"),
    [
        ("1985年8月12日", "1985年8月", ["12日"]),
        ("350***********4116", "350***********4113", ["6"]),
        ("137****0913", "186****7741", ["137****0913"]),
        ("陈丽", "陈丽", []),
        ("陈丽", "", []),
    ],
)
def test_differences_are_marked_where_they_are(mine, other, marked):
    pieces = ui.differing(mine, other)
    assert [text for text, differs in pieces if differs] == marked
    assert "".join(text for text, _differs in pieces) == mine


def test_a_missing_value_is_marked_only_beside_a_given_one():
    with translation.override("en"):
        assert ui.differing("", "x") == [("not given", True)]
        assert ui.differing("", "") == [("not given", False)]


# --- forms --------------------------------------------------------------------------------------------
def drawn_form(form) -> Elements:
    return Elements(render_to_string("ui/form.html", {"form": form}, request_of()))


def test_every_error_of_a_form_leads_to_a_control_that_exists():
    page = drawn_form(gallery.SampleForm({"town": "不在名单"}))
    links = [attrs["href"][1:] for attrs in page.named("a")]
    assert links == ["id_name", "id_town", "id_sex_0", "id_roster", "id_told"]
    assert set(links) <= set(page.ids())


def test_what_describes_a_control_is_on_the_page():
    page = drawn_form(gallery.SampleForm({"name": ""}))
    described = [attrs["aria-describedby"] for _tag, attrs in page.found if attrs.get("aria-describedby")]
    ids = {part for text in described for part in text.split()}
    assert "id_name_error" in ids
    assert ids <= set(page.ids())
    assert len(page.ids()) == len(set(page.ids()))


def test_every_control_has_a_label_or_a_legend():
    page = drawn_form(gallery.SampleForm())
    labelled = {attrs.get("for") for attrs in page.named("label")}
    controls = [
        attrs for tag in ("input", "select", "textarea") for attrs in page.named(tag)
        if attrs.get("type") != "hidden"
    ]  # fmt: skip
    assert {attrs["id"] for attrs in controls} <= labelled
    assert len(page.named("fieldset")) == len(page.named("legend")) == 2


def test_each_drawing_of_a_form_has_its_own_key():
    keys = {
        attrs["value"]
        for _ in range(3)
        for attrs in drawn_form(gallery.SampleForm()).named("input")
        if attrs.get("name") == "idem"
    }
    assert len(keys) == 3


def test_a_chip_takes_away_its_filter_and_the_place_in_the_list_and_nothing_else():
    request = request_of(where="/?q=%E9%99%88&town=桐山街道&after=99&tab=open")
    chips = ui.filter_chips({"request": request}, gallery.SampleFilters(request.GET))
    assert [(chip["value"], chip["url"]) for chip in chips] == [
        ("陈", "?town=%E6%A1%90%E5%B1%B1%E8%A1%97%E9%81%93&tab=open"),
        ("桐山街道", "?q=%E9%99%88&tab=open"),
    ]


def test_the_drawing_of_filters_is_kept_as_long_as_it_looks_the_same_and_nothing_is_chosen(settings):
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "drawings of a test"}
    settings.CACHES = {**settings.CACHES, "hour": memory}

    def drawn(data, town="桐山街道") -> str:
        form = gallery.SampleFilters(data)
        form.fields["town"].choices = [("1", town)]
        return ui.filter_fields(form)

    caches["hour"].clear()
    empty = drawn(None)
    assert drawn(None) == empty
    assert "桐山街道" in empty
    assert "点头镇" in drawn(None, "点头镇")
    with translation.override("en"):
        assert "Town or street" in drawn(None)
    kept = len(caches["hour"]._cache)
    assert kept == 3

    assert "陈" in drawn({"q": "陈"})
    assert "林" in drawn({"q": "林"})
    assert drawn(None) == empty
    assert len(caches["hour"]._cache) == kept


def test_hostile_text_stays_text_in_every_block():
    hostile = "<img src=x onerror=alert(1)>"
    request = request_of()
    for name, values in [
        ("tag", {"text": hostile, "tone": hostile}),
        ("tile", {"label": hostile, "number": 1, "note": hostile, "url": "/"}),
        ("timeline", {"entries": [{"title": hostile, "note": hostile}]}),
        ("side_by_side", {"pair": {"rows": [{"label": hostile, "left": hostile, "right": "a"}]}}),
        ("chart", {"id": "c", "title": hostile, "spec": {"kind": "bar", "labels": [hostile]}}),
        ("reveal", {"value": hostile}),
    ]:
        assert "<img" not in render_to_string(f"ui/{name}.html", values, request), name
    assert "<img" not in ui.card("body", title=hostile)
    assert "<img" not in ui.page_head({}, "", hostile, sub=hostile, crumbs=[(hostile, hostile)])


def test_progress_asks_again_only_while_the_job_runs():
    for state, asks in [("queued", True), ("running", True), ("done", False), ("failed", False)]:
        html = render_to_string("ui/progress.html", {"job": Job(state=state), "url": "/job/"})
        assert ("hx-get" in html) is asks, state


# --- pages of the kit -------------------------------------------------------------------------------------
@pytest.mark.parametrize("page", gallery.PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_gallery_shows_itself(client, db, page, language):
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    response = client.get(reverse("web:gallery"), {"page": page})
    elements = Elements(response.content.decode())
    assert response.status_code == 200
    assert len(elements.named("h1")) == 1
    assert elements.named("html")[0]["lang"] == {"zh-hans": "zh-Hans", "en": "en"}[language]


def test_ids_are_unique_on_the_large_gallery_page(client, db):
    ids = Elements(client.get(reverse("web:gallery")).content.decode()).ids()
    repeated = {one for one in ids if ids.count(one) > 1} - {"progress-None"}
    assert repeated == set()


def test_the_gallery_is_not_served_in_production(client, db, settings):
    settings.MODE, settings.DEBUG = "production", False
    assert client.get(reverse("web:gallery")).status_code == 404


def test_whoever_asks_for_the_icon_of_the_site_gets_the_drawing(client, db):
    assert client.get("/favicon.ico").url.endswith("favicon.svg")


def test_about_says_what_is_not_promised(client, db):
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    text = client.get(reverse("web:about")).content.decode()
    assert "It is not made for state secrets." in text
    assert context.version() in text
