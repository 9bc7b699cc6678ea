from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("routing", "0006_opened_form")]

    operations = [
        migrations.AddField(
            model_name="question",
            name="career",
            field=models.CharField(
                blank=True,
                choices=[
                    ("job", "Job"),
                    ("training", "Training"),
                    ("language", "Language skill"),
                    ("aim", "Aim"),
                ],
                default="",
                help_text="What each line of the answer can be taken over as; for a question answered with a text.",
                max_length=8,
                verbose_name="tells of the career",
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("career", ""),
                    models.Q(("career__in", ["job", "training", "language", "aim"]), ("kind", "text")),
                    _connector="OR",
                ),
                name="question_of_career_is_a_text",
                violation_error_message="Only a question answered with a text tells of the career.",
            ),
        ),
    ]
