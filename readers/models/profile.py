from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from annotations.public_ids import new_public_id


class ReaderProfile(models.Model):
    """What a study must report of its readers, and how their page is set."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reader_profile")
    experience_years = models.PositiveSmallIntegerField(_("years of experience"), null=True, blank=True)
    specialty = models.CharField(_("specialty"), max_length=120, blank=True)
    institution = models.CharField(_("institution"), max_length=200, blank=True)
    consented_at = models.DateTimeField(_("consent to take part"), null=True, blank=True)
    # theme, brush, layout, keys: what the pages remember for this person
    page_settings = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("reader profile")
        verbose_name_plural = _("reader profiles")

    def __str__(self) -> str:
        return self.public_id
