"""`manage.py explain_rules [--on DATE]`: the table of the law as it stood on a day, for a lawyer to read."""

from argparse import ArgumentParser
from datetime import date
from textwrap import fill
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext, override

from dossiers.explanations import RuleInWords, rules_on
from dossiers.explanations.days import written
from tnw.accounts.arguments import day
from tnw.core import clock

WIDTH = 110


class Command(BaseCommand):
    help = "Prints the table of the deadlines that the law and the fund set, as it stood on a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=day, help="the day, as 2026-11-21 (default: today)")
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES], default=settings.LANGUAGE_CODE
        )

    def handle(self, *args: Any, **options: Any) -> None:
        on: date = options["on"] or clock.today()
        with override(options["language"]):
            rules = rules_on(on)
            self.stdout.write(gettext("Deadlines by law, as they stood on %(day)s") % {"day": written(on)})
            if not rules:
                self.stdout.write(gettext("No rule was in force on that day."))
            for rule in rules:
                self.stdout.write("")
                self.stdout.write(f"{rule.id}  {rule.title}")
                for name, text in lines(rule):
                    self.stdout.write(
                        fill(
                            gettext("%(name)s: %(text)s") % {"name": name, "text": text},
                            WIDTH,
                            initial_indent=" " * 4,
                            subsequent_indent=" " * 8,
                            break_on_hyphens=False,
                        )
                    )


def lines(rule: RuleInWords) -> list[tuple[str, str]]:
    """The row, a name and a text at a time; what does not apply is left out."""
    force = rule.since
    if rule.valid_to:
        force = gettext("%(first)s up to and including %(last)s") % {
            "first": force,
            "last": written(rule.valid_to),
        }
    unverified = "" if rule.verified else gettext("not yet verified in the Belgian Official Gazette")
    told = [
        (gettext("For whom"), rule.regimes),
        (gettext("Opens with"), rule.opens),
        (gettext("Falls on"), rule.period),
        (gettext("Is met by"), "; ".join(rule.met_by) or gettext("nothing: it only tells a date")),
        (gettext("Falls away by"), "; ".join(rule.falls_away_by)),
        (gettext("Remark"), " ".join(rule.remarks)),
        (gettext("Whose"), rule.whose),
        (gettext("Kind"), rule.kind_label),
        (gettext("Ground"), f"{rule.ground} ({unverified})" if unverified else rule.ground),
        (gettext("In force since"), force),
    ]
    return [(name, text) for name, text in told if text]
