"""What the demo remembers between two starts: what it was begun with, and up to which day it has come."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.core.management.base import CommandError

from tnw.core import embedded
from tnw.web.demo.population import Plan


def folder() -> Path:
    """Where it lies: in the data folder, removed with it."""
    return embedded.data_dir() / "demo"


@dataclass
class Memory:
    """The plan, and the last day that was replayed whole."""

    plan: Plan
    through: date | None = None

    def save(self) -> None:
        """Write it beside its place and rename it: a kill leaves the old or the new."""
        told = {**self.plan._asdict(), "through": self.through}
        new = folder() / "story.json.new"
        new.write_text(json.dumps(told, default=str))
        os.replace(new, folder() / "story.json")


def recall() -> Memory | None:
    """What was kept, if the demo was ever begun here."""
    try:
        told = json.loads((folder() / "story.json").read_text())
    except FileNotFoundError:
        return None
    first_day, origin = date.fromisoformat(told["first_day"]), date.fromisoformat(told["origin"])
    plan = Plan(told["seed"], told["people"], first_day, origin)
    return Memory(plan, date.fromisoformat(told["through"]) if told["through"] else None)


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """One demo for each data folder. Raises CommandError where one runs."""
    folder().mkdir(parents=True, exist_ok=True)
    with open(folder() / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(f"The demo in {embedded.data_dir()} is running already.") from None
        yield
