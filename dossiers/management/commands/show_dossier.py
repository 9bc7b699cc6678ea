"""`manage.py show_dossier REFERENCE --fund F`: a dossier as it stands on a day, each date with its reason."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from textwrap import fill
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext, override

from dossiers import machines, reading
from dossiers.explanations import explain
from dossiers.explanations.days import written
from dossiers.explanations.phrases import STATES
from dossiers.law.row import Row
from dossiers.models import Dossier, LedgerEntry
from tnw.accounts import access, actors, audit
from tnw.accounts.arguments import day, fund_by_number
from tnw.accounts.models import Actor
from tnw.core import clock

WIDTH = 110


class Command(BaseCommand):
    help = "Shows a dossier: its states, facts and deadlines, and why each falls on its day. It is logged."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", help="the reference of the incapacity, as in the feed")
        parser.add_argument("--fund", required=True, help="number of the fund")
        parser.add_argument("--json", action="store_true", help="as JSON, for another program")
        parser.add_argument(
            "--today", type=day, help="the day on which it is read, as 2026-11-21 (default: today)"
        )
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES], default=settings.LANGUAGE_CODE
        )

    def handle(self, *args: Any, **options: Any) -> None:
        fund = fund_by_number(options["fund"])
        actor = actors.system(actors.COMMAND)
        today = options["today"] or clock.today()
        with audit.acting_as(actor, fund), transaction.atomic(), override(options["language"]):
            dossier = reading.by_reference(actor, options["reference"])
            if dossier is None:
                raise CommandError(
                    f"Fund {fund.number} has no dossier with the reference {options['reference']!r}.",
                    returncode=2,
                )
            access.log(actor=actor, fund_id=fund.pk, dossier_id=dossier.pk, through="show_dossier")
            entries = reading.by_day(reading.entries_of(actor, dossier))
            if options["json"]:
                told = json.dumps(as_json(actor, dossier, entries, today), ensure_ascii=False, indent=1)
            else:
                told = "\n".join(as_text(actor, dossier, entries, today))
        self.stdout.write(told)


def as_json(actor: Actor, dossier: Dossier, entries: list[LedgerEntry], today: date) -> dict[str, Any]:
    """The dossier as data; deadlines that open later are left out."""
    moved = _moved_by_key(dossier, entries)
    return {
        "reference": dossier.incapacity.reference,
        "states": machines.states_of(dossier),
        "facts": [reading.plain(entry) for entry in entries],
        "deadlines": [
            {
                "deadline": row.rule,
                "falls_on": row.falls_on_at(today).isoformat(),
                "act_by": row.act_by_at(today).isoformat(),
                "state": row.state(today),
                "why": " ".join(
                    filter(None, (told.why, *told.pause, *_moves(moved, row, today), told.closing))
                ),
                "ground": told.ground,
            }
            for _deadline, row in reading.deadlines_of(actor, dossier, today)
            for told in [explain(row, regime=dossier.incapacity.regime, today=today)]
        ],
    }


def as_text(actor: Actor, dossier: Dossier, entries: list[LedgerEntry], today: date) -> Iterator[str]:
    """The dossier for a person to read, without the name of whom it is about."""
    incapacity = dossier.incapacity
    yield gettext("Dossier %(reference)s, as it stands on %(day)s") % {
        "reference": incapacity.reference,
        "day": written(today),
    }
    about = [
        (gettext("Regime"), incapacity.get_regime_display()),
        (gettext("Incapacity since"), written(incapacity.start)),
        (gettext("Last recognized day"), written(incapacity.end) if incapacity.end else ""),
        (gettext("Excluded"), incapacity.get_excluded_display() if incapacity.excluded else ""),
        (gettext("Team"), dossier.team.name if dossier.team else ""),
        (gettext("Coordinator"), dossier.coordinator.name if dossier.coordinator else ""),
        *machines.states_of(dossier).items(),
    ]
    for name, text in about:
        if text:
            yield "    " + gettext("%(name)s: %(text)s") % {"name": name, "text": text}
    yield ""
    yield gettext("Deadlines")
    moved = _moved_by_key(dossier, entries)
    for _deadline, row in reading.deadlines_of(actor, dossier, today):
        told = explain(row, regime=incapacity.regime, today=today)
        yield ""
        state = str(STATES[row.state(today)])
        yield f"    {row.rule:4} {written(row.falls_on_at(today))}  {told.title} [{state}]"
        ground = gettext("%(name)s: %(text)s") % {"name": told.kind_label, "text": f"{told.ground}."}
        for text in (told.why, *told.pause, *_moves(moved, row, today), told.closing, told.act_by, ground):
            if text:
                yield fill(
                    text, WIDTH, initial_indent=" " * 9, subsequent_indent=" " * 9, break_on_hyphens=False
                )
    yield ""
    yield gettext("What happened")
    yield ""
    for entry in entries:
        plain = reading.plain(entry)
        rest = {name: plain[name] for name in plain if name not in ("id", "kind", "on")}
        values = ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in rest.items())
        yield fill(
            f"{written(entry.on)}  {entry.kind} [{entry.fact_id}] {values}".rstrip(),
            WIDTH,
            initial_indent="    ",
            subsequent_indent=" " * 16,
            break_long_words=False,
            break_on_hyphens=False,
        )


Moved = dict[tuple[str, str, int], list[reading.Move]]


def _moved_by_key(dossier: Dossier, entries: list[LedgerEntry]) -> Moved:
    moved: Moved = {}
    for move in reading.moves(entries, dossier.fund.live_from):
        moved.setdefault(move.key, []).append(move)
    return moved


def _moves(moved: Moved, row: Row, today: date) -> Iterator[str]:
    """What corrections made of a deadline's date, up to a day."""
    return (_moved(move) for move in moved.get(row.key, ()) if move.cause.on <= today)


def _moved(move: reading.Move) -> str:
    return gettext(
        "Moved from %(old)s to %(new)s by the correction %(cause)s, recorded on %(at)s by %(by)s."
    ) % {
        "old": written(move.old_date),
        "new": written(move.new_date),
        "cause": move.cause.id,
        "at": written(move.recorded_at.astimezone(clock.BRUSSELS).date()),
        "by": move.recorded_by.name,
    }
