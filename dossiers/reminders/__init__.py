"""Reminding and escalating: which steps a fund takes, the sweep that takes them, and whom they concern."""

from dossiers.reminders.digest import Sent, send_digests
from dossiers.reminders.reading import Mark, marks, of_dossier, still_open, waiting
from dossiers.reminders.recipients import OF_DOCTORS, Recipients
from dossiers.reminders.steps import RULE_IDS, seed_steps
from dossiers.reminders.sweeping import Made, sweep

__all__ = [
    "OF_DOCTORS",
    "RULE_IDS",
    "Made",
    "Mark",
    "Recipients",
    "Sent",
    "marks",
    "of_dossier",
    "seed_steps",
    "send_digests",
    "still_open",
    "sweep",
    "waiting",
]
