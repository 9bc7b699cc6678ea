"""`manage.py create_user EMAIL …`: somebody who can sign in."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tnw.accounts import actors
from tnw.accounts.arguments import fund_by_number
from tnw.accounts.models import LANGUAGES, Role, Team
from tnw.accounts.services import create_user
from tnw.core.errors import DomainError

CODES = [code for code, _name in LANGUAGES]


class Command(BaseCommand):
    help = "Makes a user of a fund. The password is asked for, or read from standard input where that is no terminal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--fund", required=True, help="number of the fund")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", action="append", required=True, choices=Role.values, dest="roles")
        parser.add_argument("--team", help="name of the team")
        parser.add_argument(
            "--language", default="nl", choices=[*CODES, "en"], help="language of the screens"
        )
        parser.add_argument("--works-in", action="append", default=[], choices=CODES, dest="languages")

    def handle(self, *args: Any, **options: Any) -> None:
        fund = fund_by_number(options["fund"])
        team = None
        if options["team"]:
            team = Team.objects.filter(fund=fund, name=options["team"]).first()
            if team is None:
                raise CommandError(
                    f"There is no team {options['team']!r} in fund {fund.number}.", returncode=2
                )
        password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            user = create_user(
                fund=fund,
                email=options["email"],
                name=options["name"],
                roles=options["roles"],
                password=password,
                actor=actors.system(actors.COMMAND),
                team=team,
                language=options["language"],
                languages=options["languages"],
            )
        except DomainError as error:
            raise CommandError(str(error), returncode=2) from None
        self.stdout.write(f"{user.name} can sign in as {user.email}.")
