"""The example questionnaire for the funds that are there; new ones get it when they open."""

from django.db import migrations

from routing.questionnaires.example import write


def seed(apps, schema_editor):
    models = [
        apps.get_model("routing", name) for name in ("QuestionnaireVersion", "Question", "QuestionOption")
    ]
    using = (
        schema_editor.connection.alias
    )  # the owner's: the application's may not see what is not committed yet
    for fund_id in apps.get_model("accounts", "Fund").objects.using(using).values_list("pk", flat=True):
        write(*models, fund_id, using)


class Migration(migrations.Migration):
    dependencies = [("routing", "0007_career"), ("accounts", "0003_worklist")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
