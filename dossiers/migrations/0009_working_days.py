from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0008_assessment_queue"),
    ]

    operations = [
        migrations.AlterField(
            model_name="reminderstep",
            name="counted_from",
            field=models.CharField(
                choices=[
                    ("surfaces", "the day it comes into view"),
                    ("act_by", "the last working day"),
                    ("falls_on", "the legal date"),
                    ("workdays", "the last working day, in working days"),
                ],
                max_length=8,
                verbose_name="counted from",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminderstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("counted_from", "workdays"), _negated=True),
                    ("days__range", (-20, -1)),
                    _connector="OR",
                ),
                name="reminder_step_working_days_before",
                violation_error_message="Working days are counted before the last one: from -20 to -1.",
            ),
        ),
    ]
