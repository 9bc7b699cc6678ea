"""A bulk step that is sent twice is one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0016_figures")]
    operations = [
        migrations.AddField(
            model_name="batch", name="once", field=models.UUIDField(editable=False, null=True)
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.UniqueConstraint(fields=("actor", "once"), name="batch_asked_once"),
        ),
    ]
