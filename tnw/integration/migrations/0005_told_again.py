from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    """An answer that is repeated stands in the access log again: of which dossiers."""

    dependencies = [
        ("integration", "0004_given_up"),
    ]

    operations = [
        migrations.AddField(
            model_name="idempotencykey",
            name="dossiers",
            field=ArrayField(base_field=models.BigIntegerField(), default=list, size=None),
        ),
    ]
