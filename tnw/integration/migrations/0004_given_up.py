from django.db import migrations, models


class Migration(migrations.Migration):
    """Reported registrations are tried in turn, and given up after long enough."""

    dependencies = [
        ("integration", "0003_registrations"),
    ]

    operations = [
        migrations.AddField(
            model_name="partnerregistration",
            name="given_up",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="partnerregistration",
            name="tried_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="partnerregistration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("given_up", False),
                    models.Q(("fund", None), ("processed_at__isnull", False)),
                    _connector="OR",
                ),
                name="partner_registration_given_up_is_nobodys",
            ),
        ),
    ]
