"""Templates keep what the policy and the translators need: no inline style or script, no word outside gettext."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = sorted(settings.BASE_DIR.glob("templates/**/*.html"))
# names, units, keys and marks that are the same in every language
ALIKE = {
    *("LymphUs", "Tab", "Shift", "Ctrl", "Enter", "Esc", "Space", "Alt", "Del", "Backspace"),
    *(
        "px",
        "mm",
        "MB",
        "CSV",
        "XLSX",
        "xlsx",
        "JSON",
        "PDF",
        "SVG",
        "PNG",
        "API",
        "HTTP",
        "SHA",
        "DOI",
        "REST",
        "AUC",
        "HD",
        "ROC",
    ),
    *("doi", "dib", "manage", "py", "import", "lymphus", "json", "csv", "pdf", "png", "svg", "zip"),
    *("Authorization", "Token", "Dice", "RadViz"),
}
DATA = "application/json"  # not run
SPOKEN = ("alt", "aria-label", "title", "placeholder", "aria-description")
# a translated text becomes a mark without letters, and so does every variable and tag
TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
COMMENTS = re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}", re.DOTALL)
PAGE_CLASS = re.compile(r"{% block page_class %}.*?{% endblock %}")
TAGS = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)


class Scan(HTMLParser):
    """Text nodes, spoken attributes and what the policy forbids."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.silent = 0
        self.words: list[str] = []
        self.forbidden: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style", "code")
        names = dict(attrs)
        self.words += [names[name] or "" for name in SPOKEN if name in names]
        self.forbidden += [f"{tag} {name}" for name in names if name == "style" or re.match(r"on[a-z]+$", name)]
        if tag == "style" or (tag == "script" and not {"src", "nonce"} & names.keys() and names.get("type") != DATA):
            self.forbidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style", "code")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)


def scan(source: str) -> Scan:
    return Scan(TAGS.sub("·", PAGE_CLASS.sub("", TRANSLATED.sub("·", COMMENTS.sub("", source)))))


def untranslated(source: str) -> list[str]:
    found = [word for text in scan(source).words for word in re.findall(r"[A-Za-zÀ-ž]{2,}", text)]
    return [word for word in found if word not in ALIKE]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR / "templates")))
def test_a_template_has_no_word_outside_gettext_and_nothing_the_policy_refuses(path: Path):
    source = path.read_text()
    assert untranslated(source) == []
    assert scan(source).forbidden == []


@pytest.mark.parametrize(
    ("source", "words", "forbidden"),
    [
        ("<p>Save</p>", ["Save"], []),
        ('<img alt="A node">', ["node"], []),
        ('<p>{% translate "Save" %} {% blocktranslate %}now{% endblocktranslate %} {{ a }} {# why #}</p>', [], []),
        ('<p style="color: red"></p>', [], ["p style"]),
        ('<button onclick="go()"></button>', [], ["button onclick"]),
        ("<script>go()</script>", [], ["script"]),
        ('<script nonce="{{ csp_nonce }}">go()</script>', [], []),
    ],
)
def test_the_scan_finds_what_it_is_for(source: str, words: list[str], forbidden: list[str]):
    assert untranslated(source) == words
    assert scan(source).forbidden == forbidden


def test_only_languages_with_a_whole_catalogue_are_offered():
    for code, _name in settings.LANGUAGES:
        if code == "en":
            continue
        folder = Path(settings.LOCALE_PATHS[0]) / code / "LC_MESSAGES"
        assert (folder / "django.po").exists(), f"{code} is offered without a catalogue"
        entries = (folder / "django.po").read_text().split("\n\n")[1:]
        empty = re.compile(r'^msgstr(\[\d\])? ""$(?!\n")', re.MULTILINE)
        assert [entry for entry in entries if "#, fuzzy" in entry or empty.search(entry)] == []


def test_every_sheet_of_parts_is_linked_and_small():
    sheets = sorted((settings.BASE_DIR / "static/components").glob("*.css"))
    linked = (settings.BASE_DIR / "templates/base.html").read_text()

    assert len(sheets) > 5
    assert [s.name for s in sheets if f'"components/{s.name}"' not in linked] == []
    assert [s.name for s in sheets if len(s.read_text().splitlines()) > 200] == []
