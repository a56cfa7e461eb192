import gettext
from textwrap import dedent

import pytest

from waystation.kernel.catalogues import AppCatalogue, catalogues, disagreements, placeholders


@pytest.fixture
def app(tmp_path):
    """A small app with code and a template."""
    folder = tmp_path / "shop"
    (folder / "templates" / "shop").mkdir(parents=True)
    (folder / "apps.py").write_text("")
    (folder / "views.py").write_text(
        dedent("""
        from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext
        A = _("Two "
              "parts")
        B = ngettext("%(n)d row", "%(n)d rows", 2)
        C = pgettext("month", "May")
        D = gettext_lazy("Hello {name}")
        E = _("Two parts")
        """)
    )
    (folder / "templates" / "shop" / "page.html").write_text(
        dedent("""
        {% load i18n %}
            <p title='it"s'>{% translate "Save" %} {{ _("Inline") }}</p>
          {% blocktranslate count n=n trimmed %}
            {{ n }} file
          {% plural %}
            {{ n }} files
          {% endblocktranslate %}
        {# a comment #}{% translate "May" context "verb" %}
        """)
    )
    return AppCatalogue(folder, tmp_path)


def translate(app, **texts):
    text = app.po.read_text()
    for source, target in texts.items():
        source = source.replace("_", " ")
        assert f'msgid "{source}"\nmsgstr ""' in text
        text = text.replace(f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{target}"')
    app.po.write_text(text)


def said(app):
    return {message.id for message in app.current() if message.id}


def test_messages_of_code_and_templates_are_found(app):
    assert said(app) == {
        "Two parts",
        ("%(n)d row", "%(n)d rows"),
        "May",
        "Hello {name}",
        "Save",
        "Inline",
        ("%(n)s file", "%(n)s files"),
    }
    assert app.current().get("May", "month").locations == [("views.py", 0)]
    assert app.current().get("May", "verb").locations == [("templates/shop/page.html", 0)]


def test_a_catalogue_changes_only_with_its_messages(app):
    assert app.update() is True
    before = app.po.read_text()
    (app.folder / "views.py").write_text("\n\n\n" + (app.folder / "views.py").read_text())

    assert app.update() is False
    assert app.po.read_text() == before
    assert "views.py:" not in before
    assert "Date" not in before


def test_translations_are_kept_and_messages_no_longer_said_are_dropped(app):
    app.update()
    translate(app, Save="保存", Inline="行内")
    page = app.folder / "templates" / "shop" / "page.html"
    page.write_text(page.read_text().replace('{{ _("Inline") }}', '{% translate "Saved" %}'))
    app.update()

    assert app.current().get("Save").string == "保存"
    assert app.current().get("Saved").string == ""
    assert "Inline" not in app.po.read_text()
    assert "#~" not in app.po.read_text()


def test_the_check_names_what_is_missing_fuzzy_stale_or_broken(app):
    assert "shop: out of date" in app.check()
    app.update()
    translate(app, Save="保存", Inline="行内", Two_parts="两段")
    text = app.po.read_text()
    text = text.replace('msgid "Save"', '#, fuzzy\nmsgid "Save"')
    text = text.replace('msgid "Hello {name}"\nmsgstr ""', 'msgid "Hello {name}"\nmsgstr "{nam}"')
    text = text.replace('rows"\nmsgstr[0] ""', 'rows"\nmsgstr[0] "%(n)d行"')
    app.po.write_text(text)
    app.update()

    assert app.check() == [
        "shop: not translated: ('%(n)s file', '%(n)s files')",
        "shop: other placeholders: 'Hello {name}'",
        "shop: not translated: 'May'",
        "shop: not translated: 'May'",
        "shop: fuzzy: 'Save'",
    ]


def test_the_check_names_texts_that_would_never_be_collected(app):
    (app.folder / "views.py").write_text(
        "from django.utils.translation import gettext as _, gettext_lazy as later\n"
        "A = later('Not found')\n"
        "B = f\"{_('Nor this')}.xlsx\"\n"
    )
    app.update()

    assert [fault for fault in app.check() if "translated" not in fault] == [
        "shop: views.py:1: known as later",
        "shop: views.py:3: in an f-string",
    ]


def test_a_compiled_catalogue_speaks(app):
    app.update()
    translate(app, Save="保存")
    text = app.po.read_text().replace('rows"\nmsgstr[0] ""', 'rows"\nmsgstr[0] "%(n)d行"')
    app.po.write_text(text)
    app.compile()

    with app.mo.open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    assert spoken.gettext("Save") == "保存"
    assert [spoken.ngettext("%(n)d row", "%(n)d rows", n) for n in (1, 5)] == ["%(n)d行"] * 2


def test_an_app_inside_another_keeps_its_own_messages(app):
    inner = app.folder / "inner"
    inner.mkdir()
    (inner / "apps.py").write_text("")
    (inner / "models.py").write_text('_("Only inside")')

    assert "Only inside" not in said(app)
    assert [found.name for found in catalogues(app.root)] == ["shop", "shop/inner"]
    assert [found.name for found in catalogues(app.root, {"inner"})] == ["shop/inner"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("%(count)d of %(all)s", {"count", "all"}),
        ("{name} and {} {n:d}", {"name", "", "n"}),
        ("100%% of %s", {"%s"}),
        ("50 % sure", set()),
    ],
)
def test_placeholders_are_seen(text, names):
    assert placeholders(text) == names


def test_two_apps_that_translate_one_message_differently_are_told(app):
    other = AppCatalogue(app.root / "yard", app.root)
    other.folder.mkdir()
    (other.folder / "views.py").write_text('_("Save"); _("Inline")')
    for one, text in ((app, "保存"), (other, "存储")):
        one.update()
        translate(one, Save=text, Inline="行内")

    assert disagreements([app, other]) == ["shop and yard disagree: 'Save': 保存 / 存储"]
    assert disagreements([app]) == []
