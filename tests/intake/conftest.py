"""What all tests of the two imports share: a day, and the commands with their exit codes."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from dossiers.models import Deadline, Dossier, Incapacity, InsuredPerson, LedgerEntry, Outbox
from tests import population
from tnw.accounts.models import Fund

TODAY = date(2026, 11, 21)


def run(command: str, path: Path, **options: Any) -> tuple[int, str]:
    """Exit code and what was said."""
    out = io.StringIO()
    try:
        with translation.override("en"):
            call_command(command, path, **{"fund": "311", "today": TODAY, "stdout": out, **options})
    except SystemExit as exit:
        return int(str(exit.code)), out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def counts() -> dict[str, int]:
    models: tuple[Any, ...] = (InsuredPerson, Incapacity, Dossier, LedgerEntry, Outbox, Deadline)
    return {model.__name__: model.objects.count() for model in models}


def heads() -> list[tuple[object, ...]]:
    """The last entry of each chain; what was recorded is the same where these are."""
    entries = LedgerEntry.objects.order_by("dossier", "-seq").distinct("dossier")
    return [(entry.dossier_id, entry.seq, bytes(entry.hash)) for entry in entries]


def end_state() -> dict[str, object]:
    """All that an import made, by reference: keys and moments left out, which differ between two imports."""
    deadlines: dict[str, list[object]] = {}
    names = [
        one.attname
        for one in Deadline._meta.concrete_fields
        if one.attname not in ("id", "fund_id", "dossier_id")
    ]
    for reference, *row in Deadline.objects.values_list("dossier__incapacity__reference", *names):
        deadlines.setdefault(reference, []).append(tuple(map(str, row)))
    facts: dict[str, list[object]] = {}
    for reference, *row in LedgerEntry.objects.order_by("dossier", "seq").values_list(
        "dossier__incapacity__reference", "kind", "on", "fact_id", "subject", "values"
    ):
        facts.setdefault(reference, []).append(tuple(map(str, row)))
    incapacities = {
        row[0]: row
        for row in Incapacity.objects.values_list(
            "reference", "version", "start", "end", "end_reason", "regime", "cause", "excluded", "employer_number",
            "employment_contract", "invalidity_from", "person__ssin",
        )
    }  # fmt: skip
    persons = sorted(
        (row[0], *map(str, row[1:]))
        for row in InsuredPerson.objects.values_list(
            "ssin", "former_ssins", "last_name", "first_name", "search_name", "birth_date", "language", "street",
            "postal_code", "city", "email", "phone",
        )
    )  # fmt: skip
    return {
        "incapacities": incapacities,
        "persons": persons,
        "facts": facts,
        "deadlines": {reference: sorted(rows) for reference, rows in deadlines.items()},  # type: ignore[type-var]
    }


Take = Callable[..., dict[str, Any]]


@pytest.fixture
def take(fund: Fund) -> Take:
    """`take({…}, {…}, today=…)`: import these lines and give the report."""

    def take(*lines: dict[str, str], today: date = TODAY) -> dict[str, Any]:
        return population.take_in(fund, lines, today)

    return take
