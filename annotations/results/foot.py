"""The foot of every printed page: what it is of, which inputs, which engine, whether simulated or synthetic, page n of m.

Margin boxes take text from a sheet alone, and a sheet of the server needs no exception to the content security policy.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from annotations.models import Analysis

SHORT = 12


def foot_words(analysis: Analysis) -> str:
    """One line, parts between dots."""
    words = [
        analysis.called,
        _("analysis %(id)s") % {"id": analysis.public_id},
        _("inputs %(hash)s") % {"hash": analysis.inputs_sha256[:SHORT]},
    ]
    if analysis.engine_version:
        words.append(_("engine %(engine)s") % {"engine": analysis.engine_version})
    if analysis.inputs.get("notes", {}).get("simulated"):
        words.append(_("simulated readers"))
    if analysis.dataset_version is not None and analysis.dataset_version.dataset.synthetic:
        words.append(_("synthetic images"))
    return " · ".join(words)


def foot_sheet(analysis: Analysis) -> str:
    """The sheet, for `media="print"`."""
    page, of = _("page"), _("of")
    return (
        "@page {\n"
        f"  @bottom-left {{ content: {css_string(foot_words(analysis))}; width: 84%; text-align: left;"
        " font: 7.5pt/1.3 serif; vertical-align: top; padding-top: 3mm; }\n"
        f'  @bottom-right {{ content: {css_string(page)} " " counter(page) " " {css_string(of)} " " counter(pages);'
        " width: 16%; text-align: right; font: 7.5pt/1.3 serif; vertical-align: top; padding-top: 3mm; }\n"
        "}\n"
    )


def css_string(text: str) -> str:
    """A CSS string that cannot end early: every character but letters, digits and plain marks is escaped by its number."""
    return '"' + "".join(c if c.isalnum() or c in " .,:()-·" else f"\\{ord(c):x} " for c in text) + '"'
