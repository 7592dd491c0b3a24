"""Roles are permissions, held by groups. Roles held together never add up to see more of a case one reads: see exposures."""

ROLES: dict[str, tuple[str, ...]] = {
    "reader": ("readers.read_cases",),
    "trainee": ("readers.train",),
    "study lead": ("readers.lead",),
    "curator": ("annotations.curate", "annotations.export_data"),
    "data client": ("annotations.export_data",),
}
