from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("routing", "0010_health_allows")]

    operations = [
        migrations.AddField(
            model_name="questionnaire",
            name="mailed_on",
            field=models.DateField(null=True),
        ),
        migrations.AddIndex(
            model_name="questionnaire",
            index=models.Index(
                condition=models.Q(("mailed_on__isnull", False), ("sent_fact", "")),
                fields=["fund", "id"],
                name="questionnaire_to_record",
            ),
        ),
    ]
