"""Reminding and escalating: which steps a fund takes, the sweep that takes them, and whom they concern."""

from dossiers.reminders.digest import Sent, send_digests
from dossiers.reminders.reading import for_home, of_dossier, still_open
from dossiers.reminders.recipients import Recipients
from dossiers.reminders.steps import RULE_IDS, seed_steps
from dossiers.reminders.sweeping import Made, sweep

__all__ = [
    "RULE_IDS",
    "Made",
    "Recipients",
    "Sent",
    "for_home",
    "of_dossier",
    "seed_steps",
    "send_digests",
    "still_open",
    "sweep",
]
