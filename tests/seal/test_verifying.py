"""What the page and the command say of a declaration on its way: which roles signed when; never a name."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from dossiers.documents.checking import State
from dossiers.models import Document, LedgerEntry
from tests.reintegration.conftest import begin, part  # noqa: F401  # a traject that runs
from tests.reintegration.stage import MARCH, Part
from tests.route_a.stage import COORDINATOR, DOCTOR
from tests.seal.authority import pdfsig
from tests.seal.test_checking import signed_by_another
from tnw.accounts.models import Fund
from tnw.core import scope
from trajects import signatures, verification
from trajects.services import signing
from trajects.verification import Finding

SIGNED = ["insured person", "coordinator", "advisory doctor"]


@pytest.fixture(autouse=True)
def _with_a_seal(sealed_by_authority: Path) -> None:
    """The fund can seal."""


@pytest.fixture
def drawn_up(part: Part) -> tuple[Part, str]:  # noqa: F811  # the fixture
    part.on(MARCH).start()
    return part, part.draw_up()


Drawn = tuple[Part, str]


def verify(document: Document | bytes) -> Finding:
    """As a stranger does it: from outside of every wall."""
    content = document if isinstance(document, bytes) else bytes(document.content)
    with scope.funds():
        return verification.verify(content)


def to_sign(drawn: Drawn) -> Document:
    found = signatures.kept(drawn[0].dossier, drawn[1])
    assert found
    return found


def sealed(drawn: Drawn) -> Document:
    found = signatures.kept(drawn[0].dossier, drawn[1], signatures.SEALED)
    assert found
    return found


def roles(found: Finding) -> list[str]:
    return [one.role for one in found.signers]


def test_half_signed_is_told_by_its_hash_and_says_who_is_missing(drawn_up: Drawn) -> None:
    stage, subject = drawn_up
    found = verify(to_sign(drawn_up))
    assert (found.state, roles(found)) == (State.UNSEALED, [])
    assert "Not signed yet by: insured person, coordinator, advisory doctor." in found.lines
    stage.sign(subject, "insured", DOCTOR)
    found = verify(to_sign(drawn_up))
    assert (found.title, roles(found)) == ("Unchanged, but not sealed", ["insured person", "advisory doctor"])
    assert "Not signed yet by: coordinator." in found.lines
    assert not found.holds


def test_sealed_says_by_whom_and_who_signed_when_and_how(drawn_up: Drawn, tmp_path: Path) -> None:
    stage, subject = drawn_up
    stage.sign(subject, "insured")
    stage.on(date(2026, 3, 12)).sign(subject, COORDINATOR, DOCTOR)
    found = verify(document := sealed(drawn_up))
    assert (found.state, found.holds) == (State.SEALED, True)
    assert found.lines[0].endswith("sealed by Fund 311 on Thursday 12 March 2026, 17:00.")
    assert [tuple(one) for one in found.signers] == [
        ("insured person", "9 March 2026", "on paper"),
        ("coordinator", "12 March 2026", "in the application"),
        ("advisory doctor", "12 March 2026", "in the application"),
    ]
    (path := tmp_path / "sealed.pdf").write_bytes(document.content)
    assert "Signature is Valid." in pdfsig(path)
    other = verify(to_sign(drawn_up))
    assert "All three have signed. The document with the seal is another file than this one." in other.lines


def test_z2_tampered_resealed_and_half_signed_are_each_told_apart(drawn_up: Drawn) -> None:
    stage, subject = drawn_up
    stage.sign(subject, "insured", COORDINATOR)
    half = bytes(to_sign(drawn_up).content)
    stage.sign(subject, DOCTOR)
    whole = bytes(sealed(drawn_up).content)
    written = whole[: whole.index(b"%%EOF") + 6]
    files = {
        whole: "Unchanged, and sealed",
        half: "Unchanged, but not sealed",
        whole.replace(b"startxref", b"startxrex", 1): "Changed afterwards",
        half.replace(b"startxref", b"startxrex", 1): "Changed afterwards",
        signed_by_another(written): "Sealed by somebody else",
        b"%PDF-1.7 something else": "Not a document of ours",
    }
    assert [verify(content).title for content in files] == list(files.values())
    assert all(roles(verify(content)) == [] for content in list(files)[2:])


def test_what_was_taken_back_does_not_count(drawn_up: Drawn) -> None:
    stage, subject = drawn_up
    stage.sign(subject, COORDINATOR)
    stage.act(signing.withdraw, COORDINATOR, subject=subject, role=COORDINATOR)
    assert roles(verify(to_sign(drawn_up))) == []


def test_what_was_taken_back_after_the_seal_does_not_count(drawn_up: Drawn) -> None:
    stage, subject = drawn_up
    stage.sign(subject, "insured", COORDINATOR, DOCTOR)
    document = sealed(drawn_up)
    given = signatures.standing(stage.dossier, subject)[DOCTOR]
    completed = LedgerEntry.objects.get(dossier=stage.dossier, kind="declaration_completed")
    for fact in (completed.fact_id, given.fact):
        stage.record("fact_voided", fact, fact=fact, reason="mistake")
    taken_back = "It does not count any more: a signature in it was taken back."
    assert taken_back in verify(document).lines
    assert "advisory doctor" not in roles(verify(document))
    assert not verify(document).holds
    stage.on(date(2026, 3, 12)).sign(subject, DOCTOR)
    # Signed anew, but not in this document.
    assert taken_back in verify(document).lines
    assert "advisory doctor" not in roles(verify(document))


def test_what_does_not_count_any_more_says_so(
    drawn_up: Drawn, told: Callable[[bytes], tuple[int, str]]
) -> None:
    stage, subject = drawn_up
    stage.sign(subject, "insured", COORDINATOR, DOCTOR)
    first = sealed(drawn_up)
    second = stage.change(subject)
    replaced = "It does not count any more: it was replaced by another text."
    assert replaced in verify(first).lines
    assert not verify(first).holds
    assert told(bytes(first.content))[0] == 3
    assert replaced in verify(to_sign(drawn_up)).lines
    stage.refuse(second, "insured")
    refused = verify(to_sign((stage, second)))
    assert "It does not count: one of the three refused to sign it." in refused.lines
    stage.draw_up()
    stage.end_part()
    lapsed = Document.objects.filter(kind=signatures.TO_SIGN).latest("pk")
    assert "It does not count any more: the traject ended before all had signed." in verify(lapsed).lines


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_no_name_and_no_health_in_any_language(drawn_up: Drawn, language: str) -> None:
    stage, subject = drawn_up
    stage.sign(subject, "insured", COORDINATOR, DOCTOR)
    person = stage.dossier.incapacity.person
    names = {
        person.last_name,
        person.street,
        person.ssin,
        "Coordinator 1",
        "Advisory Doctor 1",
        "Identity card",
    }
    with translation.override(language):
        told = [
            verify(one)
            for one in (sealed(drawn_up), to_sign(drawn_up), bytes(sealed(drawn_up).content) + b" ")
        ]
        said = " ".join(str(one) for one in told)
    assert not [name for name in names if name in said]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[[bytes], tuple[int, str]]:
    """`told(content)`: how the command ends, and what it says."""

    def tell(content: bytes) -> tuple[int, str]:
        (path := tmp_path / "file.pdf").write_bytes(content)
        code = 0
        try:
            with scope.funds():
                call_command("verify_document", str(path), language="en")
        except SystemExit as ended:
            code = int(str(ended.code))
        return code, capsys.readouterr().out

    return tell


def test_the_command_says_the_same_and_ends_accordingly(
    drawn_up: Drawn, told: Callable[[bytes], tuple[int, str]], in_fund: Fund
) -> None:
    stage, subject = drawn_up
    stage.sign(subject, "insured")
    half = bytes(to_sign(drawn_up).content)
    assert told(half)[0] == 3
    stage.sign(subject, COORDINATOR, DOCTOR)
    whole = bytes(sealed(drawn_up).content)
    code, said = told(whole)
    found = verify(whole)
    assert code == 0
    assert [line.strip() for line in said.splitlines()][: 1 + len(found.lines)] == [found.title, *found.lines]
    assert "Signed by coordinator on 9 March 2026, in the application." in said
    assert [told(content)[0] for content in (whole + b" ", signed_by_another(half), b"%PDF-", b"")] == [
        1,
        1,
        4,
        4,
    ]


def test_the_command_needs_a_file(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file") as missing:
        call_command("verify_document", str(tmp_path / "none.pdf"))
    assert missing.value.returncode == 2


def test_a_mishap_is_not_taken_for_a_changed_file(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_content: bytes) -> None:
        raise RuntimeError("the database is away")

    monkeypatch.setattr(verification, "verify", broken)
    (path := tmp_path / "file.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError, match="not verified: RuntimeError") as mishap:
        call_command("verify_document", str(path))
    assert mishap.value.returncode == 2


def test_a_letter_about_a_declaration_is_no_signed_document(drawn_up: Drawn) -> None:
    stage, subject = drawn_up
    stage.sign(subject, COORDINATOR)
    stage.act(signing.remind, DOCTOR, subject=subject, role="insured")
    letter = Document.objects.get(kind=signing.REMINDER)
    assert letter.subject == subject
    assert roles(verify(letter)) == []
