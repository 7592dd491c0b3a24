from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotations", "0002_tables_and_what_made_a_result")]

    operations = [
        migrations.AlterField(
            model_name="analysis",
            name="kind",
            field=models.CharField(
                choices=[
                    ("study", "readings of a study"),
                    ("table", "table of ratings"),
                    ("version", "dataset version"),
                ],
                default="study",
                max_length=10,
            ),
        ),
    ]
