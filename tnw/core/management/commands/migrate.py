"""`migrate` as the owner of the tables, who then lets the application role in."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections

GRANTS = """
grant usage on schema public to {role};
grant select, insert, update, delete on all tables in schema public to {role};
grant usage, select on all sequences in schema public to {role};
revoke insert, update, delete on django_migrations from {role};
revoke update, delete on accounts_accesslog, accounts_auditentry from {role};
"""


class Command(Migrate):
    help = "Brings the database up to date as its owner and grants the application role what it needs."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        alias = options["database"]
        if options["plan"] or options["check_unapplied"] or alias != "owner":
            return
        call_command("createcachetable", database=alias, verbosity=0)
        role = connections["default"].settings_dict["USER"]
        if role == connections[alias].settings_dict["USER"]:
            return
        with connections[alias].cursor() as cursor:
            cursor.execute(GRANTS.format(role=connections[alias].ops.quote_name(role)))
