"""Forms of the pages: what is asked, and how a mistake is said beside the field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from readers.models import ApiToken, ReaderProfile


class LogInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("This name and password do not belong together. Both tell small from capital letters."),
        "inactive": _("This account is closed. The person who runs this server can open it."),
    }


class PasswordForm(PasswordChangeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Django's is a list in HTML, which no paragraph holds
        self.fields["new_password1"].help_text = _(
            "At least twelve characters, none of the common ones, not your name."
        )


class NameForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name", "email"]


class ProfileForm(forms.ModelForm):
    class Meta:
        model = ReaderProfile
        fields = ["experience_years", "specialty", "institution"]


class TokenForm(forms.Form):
    """A new key to the API: named, limited, ending."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("What will use it: “notebook on my laptop”."))
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one: a key that may do nothing is of no use.")},
    )
    days = forms.TypedChoiceField(
        label=_("Ends after"),
        coerce=int,
        initial=90,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
    )

    def __init__(self, *args: Any, scopes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(ApiToken.Scope.choices)
        self.fields["scopes"].choices = [(scope, labels[scope]) for scope in scopes]  # type: ignore[attr-defined]
