"""The windows of the pilot for the funds that are there; new ones get them when they open."""

from django.db import migrations

from routing.windows import write
from tnw.core import scope


def seed(apps, schema_editor):
    model = apps.get_model("routing", "RegistrationWindow")
    # The owner's connection: the application's may not see what is not committed yet. The wall is there for both.
    using = schema_editor.connection.alias
    funds = apps.get_model("accounts", "Fund").objects.using(using)
    for fund_id in list(funds.values_list("pk", flat=True)):
        with scope.funds(fund_id):
            write(model, fund_id, using)


class Migration(migrations.Migration):
    dependencies = [("routing", "0012_routes_b_and_c"), ("accounts", "0004_team_place")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
