from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from annotations.public_ids import new_public_id


class ApiToken(models.Model):
    """A program's key to the API: shown once, kept as a hash, limited to scopes."""

    class Scope(models.TextChoices):
        DATASETS = "datasets:read", _("read datasets, cases, images and reference readings")
        STUDIES = "studies:read", _("read studies and their progress")
        STUDIES_WRITE = "studies:write", _("make, open and close studies")
        READINGS = "readings:read", _("read the readings of closed studies")
        READ = "readings:write", _("read one's own assignments and write readings")
        ANALYSES = "analyses", _("request and read analyses")
        EXPORTS = "exports", _("request and fetch exports")

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=100)
    key_sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name
