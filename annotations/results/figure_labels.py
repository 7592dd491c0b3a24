"""The words of the stored pictures, listed for the translators: their titles of axes, series and panels."""

from __future__ import annotations

from django.utils.translation import gettext_noop

LABELS = (
    gettext_noop("Reader %(name)s"),
    gettext_noop("Centre %(name)s"),
    gettext_noop("reader − reference"),
    gettext_noop("mean"),
    gettext_noop("bias"),
    gettext_noop("limits"),
    gettext_noop("agreement among readers"),
    gettext_noop("Fleiss kappa"),
    gettext_noop("weighted Fleiss kappa"),
    gettext_noop("Dice with the reference"),
    gettext_noop("1 − specificity"),
    gettext_noop("sensitivity"),
)
