"""`manage.py enforce_deadlines`: all jobs that look after dates, once, for today or another day."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from dossiers.jobs import Outcome
from tnw.accounts.arguments import day, fund_by_number
from tnw.core import clock, trace
from tnw.web.jobs import OF_DEADLINES


class Command(BaseCommand):
    help = (
        "Runs the jobs of the beat that look after deadlines: reminders, escalations and the daily mail. They catch up on "
        "every day since they last ran; a second run does nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--today", type=day, help="the day to work up to (default: today)")
        parser.add_argument("--fund", help="the number of one fund (default: all)")
        parser.add_argument("--json", action="store_true", help="print what was done as JSON")

    def handle(self, *, today: date | None, fund: str | None, json: bool, **options: Any) -> None:
        only = fund_by_number(fund) if fund else None
        today = today or clock.today()
        with clock.on(today), trace.new():
            done = {name: job(today, only) for name, job in OF_DEADLINES.items()}
        self.stdout.write(as_json(today, done) if json else "\n".join(as_text(today, done)))


def as_json(today: date, done: dict[str, Outcome]) -> str:
    """`{"today", "jobs": {name: {fund: {what: number}}}}`"""
    return json.dumps({"today": today.isoformat(), "jobs": done}, indent=1)


def as_text(today: date, done: dict[str, Outcome]) -> list[str]:
    """A line for each job and fund that had something to do, and for each job that had nothing."""
    lines = [f"Up to and including {today}"]
    for job, outcome in done.items():
        busy = {fund: did for fund, did in outcome.items() if any(did.values())}
        for fund, did in busy.items():
            told = ", ".join(f"{number} {what}" for what, number in did.items())
            lines.append(f"{job:<26}{fund}  {told}")
        if not busy:
            lines.append(f"{job:<26}nothing to do")
    return lines
