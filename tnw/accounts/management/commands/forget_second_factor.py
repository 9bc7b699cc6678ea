"""`manage.py forget_second_factor EMAIL`: for who lost phone, passkeys and recovery codes.

On the command line only: an administrator can set passwords, and with this as well could sign as somebody else.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tnw.accounts import actors
from tnw.accounts.models import User
from tnw.accounts.services import forget_second_factors


class Command(BaseCommand):
    help = "Takes away the second factors of a user who lost them all, so that the password alone lets them in again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].lower()).select_related("fund").first()
        if user is None:
            raise CommandError("There is no such user.", returncode=2)
        if not forget_second_factors(user=user, actor=actors.system(actors.COMMAND)):
            raise CommandError("This user has no second factor.", returncode=1)
        self.stdout.write(
            f"{user.name} signs in with the password alone, and can set up a second factor anew."
        )
