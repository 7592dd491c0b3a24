"""Make the five roles. Permissions are made by a signal after migrate, so they are made here if they are not yet there."""

from django.db import migrations

ROLES = {
    "reader": ("readers.read_cases",),
    "trainee": ("readers.train",),
    "study lead": ("readers.lead",),
    "curator": ("annotations.curate", "annotations.export_data"),
    "data client": ("annotations.export_data",),
}
MODEL_OF = {"annotations": "dataset", "readers": "study"}
NAMES = {
    "curate": "Can curate datasets: import, include and exclude, calibrate, publish",
    "export_data": "Can export datasets and closed studies",
    "lead": "Can make, open and close studies and analyse them",
    "read_cases": "Can read cases in studies",
    "train": "Can train",
}


def make_roles(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    for role, permissions in ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        for permission in permissions:
            app, codename = permission.split(".")
            kind, _ = ContentType.objects.get_or_create(app_label=app, model=MODEL_OF[app])
            found, _ = Permission.objects.get_or_create(
                content_type=kind, codename=codename, defaults={"name": NAMES[codename]}
            )
            group.permissions.add(found)


def remove_roles(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("readers", "0001_nouns"),
        ("annotations", "0001_nouns"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_roles, remove_roles)]
