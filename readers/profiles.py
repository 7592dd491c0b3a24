"""What a person says of him- or herself, and how the pages are set for this person."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from readers.models import ReaderProfile

THEMES = ("paper", "night")


def profile_of(user: Any) -> ReaderProfile:
    """This person's profile; made empty when first asked for."""
    profile, _made = ReaderProfile.objects.get_or_create(user=user)
    return profile


def remember_setting(user: Any, name: str, value: Any) -> None:
    """Keep one setting of the pages; an empty value forgets it. Other settings stay as they are."""
    with transaction.atomic():
        profile_of(user)
        profile = ReaderProfile.objects.select_for_update().get(user=user)
        settings = {k: v for k, v in profile.page_settings.items() if k != name}
        profile.page_settings = settings | {name: value} if value else settings
        profile.save(update_fields=["page_settings"])
