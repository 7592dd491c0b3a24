from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from annotations.answers import Spacing
from annotations.public_ids import new_public_id
from annotations.querysets import ImageQuerySet


class Image(models.Model):
    """One picture of a case: 8-bit grayscale PNG without ancillary chunks, in the content-addressed store."""

    class Modality(models.TextChoices):
        B_MODE = "b_mode", _("B-mode")
        DOPPLER = "doppler", _("Doppler")
        ELASTOGRAPHY = "elastography", _("elastography")
        CEUS = "ceus", _("contrast-enhanced")

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    case = models.ForeignKey("annotations.Case", on_delete=models.CASCADE, related_name="images")
    modality = models.CharField(_("modality"), max_length=20, choices=Modality, default=Modality.B_MODE)
    width = models.PositiveIntegerField(_("width, px"))
    height = models.PositiveIntegerField(_("height, px"))
    file_sha256 = models.CharField(_("SHA-256 of the stored file"), max_length=64)
    file_size = models.PositiveIntegerField(_("bytes"))
    pixel_sha256 = models.CharField(_("SHA-256 of the pixels, row by row"), max_length=64, db_index=True)
    spacing_row_mm = models.FloatField(_("mm per px, down"), null=True, blank=True)
    spacing_col_mm = models.FloatField(_("mm per px, across"), null=True, blank=True)
    spacing_source = models.CharField(_("where the scale is from"), max_length=200, blank=True)
    spacing_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    spacing_at = models.DateTimeField(null=True, blank=True)
    # two clicks on the image's own ruler: {"points": [x1, y1, x2, y2], "mm": distance}
    calibration = models.JSONField(null=True, blank=True)

    objects = ImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["public_id"]

    def __str__(self) -> str:
        return self.public_id

    @property
    def spacing(self) -> Spacing | None:
        """The scale if it is known, else None."""
        if self.spacing_row_mm is None or self.spacing_col_mm is None:
            return None
        return Spacing(self.spacing_row_mm, self.spacing_col_mm, self.spacing_source)
