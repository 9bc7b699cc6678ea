from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("routing", "0008_example_questionnaire")]

    operations = [
        migrations.AddField(
            model_name="answersheet",
            name="turn",
            field=models.IntegerField(db_default=0, default=0),
        ),
    ]
