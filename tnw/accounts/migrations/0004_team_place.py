from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_worklist")]

    operations = [
        migrations.AddField(
            model_name="team",
            name="place",
            field=models.CharField(
                blank=True,
                default="",
                help_text="The office where the insured are received: it is proposed for appointments.",
                max_length=200,
                verbose_name="place of contacts",
            ),
            preserve_default=False,
        ),
    ]
