"""The scan of a registered letter: beside its letter, of the right kind, in its own dossier (X3)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from dossiers import acts
from dossiers.models import LedgerEntry, Scan
from dossiers.scans import LARGEST, Upload
from tests.absence.conftest import Absent
from tests.route_a.stage import COORDINATOR, refused
from tnw.core import scope
from trajects.services import absence as services

Begin = Callable[..., Absent]
FIRST = date(2026, 4, 27)
PDF, PNG, JPEG = b"%PDF-1.7\nx", b"\x89PNG\r\n\x1a\nx", b"\xff\xd8\xff\xe0x"


def test_x3_the_scan_stands_beside_its_letter_and_stays_when_it_is_taken_back(case: Absent) -> None:
    first = case.absent(FIRST)
    case.letter(first, scan=Upload("C:\\scans\\bewijs é ⟨1⟩.PDF.exe", PDF))
    scan = Scan.objects.get(dossier=case.dossier)
    assert (scan.name, scan.media_type, bytes(scan.content)) == (
        "bewijs é _1_.PDF.pdf",
        "application/pdf",
        PDF,
    )
    assert len(scan.sha256) == 64
    entry = LedgerEntry.objects.get(dossier=case.dossier, fact_id=scan.fact)
    assert (entry.kind, entry.values["proof"]) == ("registered_letter_sent", "RR 1")
    case.act(acts.void, COORDINATOR, fact_id=scan.fact, reason="mistake")
    with scope.funds(case.fund.pk):
        assert Scan.objects.visible_to(case.people[COORDINATOR]).get().pk == scan.pk


def test_x3_other_files_are_refused_and_then_nothing_is_recorded(case: Absent) -> None:
    first = case.absent(FIRST)
    largest = PDF + b"x" * (LARGEST - len(PDF))
    for content, code in {
        b"<html>": "unknown_file",
        b"": "unknown_file",
        b"MZ\x90\x00": "unknown_file",
        b"PK\x03\x04": "unknown_file",
        b" %PDF-1.7": "unknown_file",
        largest + b"x": "too_large",
    }.items():
        with refused(code):
            case.letter(first, scan=Upload("x.pdf", content))
    assert case.row(first).state == "recorded"
    for kept in (PNG, JPEG, largest):
        case.letter(first, scan=Upload("..", kept))
    names = list(Scan.objects.order_by("pk").values_list("name", flat=True))
    assert names == ["scan.png", "scan.jpg", "scan.pdf"]


def test_scans_of_another_dossier_do_not_count(begin: Begin) -> None:
    one, other = begin().referred(), begin().referred()
    first = one.absent(FIRST)
    other.on(FIRST)
    values: dict[str, Any] = {"subject": first, "proof": "RR 1"}
    with refused("absence_unknown"):
        other.act(services.send_letter, COORDINATOR, **values)
