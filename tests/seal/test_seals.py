"""Whether a fund can seal: each reason why not is its own sentence, and none of them hides another."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from dossiers.documents import sealing, seals
from dossiers.documents.seals import SealUnusable
from tests.seal.authority import FROM, PASSPHRASE, UNTIL, Issued, issue, revocations
from tnw.accounts.models import Fund

AT = datetime(2026, 6, 1, 10, tzinfo=UTC)
Place = Callable[[Path], object]


def placed(content: bytes, ending: str = "p12") -> Place:
    return lambda folder: (folder / f"311.{ending}").write_bytes(content)


def with_list(listed: bytes) -> Place:
    def place(folder: Path) -> None:
        placed(issue().p12())(folder)
        (folder / "311.crl").write_bytes(listed)

    return place


def _of_another_key() -> bytes:
    return Issued(issue("Somebody else").key, issue().certificate, issue().issuer).pem()


STRANGER = "Another authority"
NOT_USABLE: dict[str, tuple[Callable[[], Place], str]] = {
    "missing": (lambda: lambda _folder: None, "no seal yet"),
    "not a file of keys": (lambda: placed(b"nonsense"), "cannot be read"),
    "not a text of keys": (lambda: placed(b"nonsense", "pem"), "cannot be read"),
    "another passphrase": (lambda: placed(issue().p12("another")), "cannot be read"),
    "another passphrase of a text": (lambda: placed(issue().pem("another"), "pem"), "cannot be read"),
    "another key": (lambda: placed(_of_another_key(), "pem"), "does not belong"),
    "for something else": (
        lambda: placed(issue("Encrypts", usages=("key_encipherment",)).p12()),
        "not meant for documents",
    ),
    "not yet valid": (
        lambda: placed(issue(first=AT + timedelta(1)).p12()),
        "valid from 2 June 2026 only",
    ),
    "expired": (lambda: placed(issue(last=AT - timedelta(1)).p12()), "expired: it was valid until 31 May 2026"),
    "revoked": (
        lambda: with_list(revocations(issue(), on=AT - timedelta(30))),
        "revoked on 2 May 2026",
    ),
    "a list that is none": (lambda: with_list(b"nonsense"), "list of revoked certificates"),
    "a list of another": (
        lambda: with_list(revocations(by=issue(STRANGER, usages=("crl_sign",), own=True))),
        "of another issuer",
    ),
    "an old list": (lambda: with_list(revocations(until=AT - timedelta(2))), "renewed: it was valid until 30 May 2026"),
}  # fmt: skip
USABLE: dict[str, Callable[[], Place]] = {
    "one file": lambda: placed(issue().p12()),
    "texts": lambda: placed(issue().pem(), "pem"),
    "of an elliptic curve": lambda: placed(issue("Kurve", "ec").p12()),
    "another is revoked": lambda: with_list(revocations(issue("Somebody else"))),
}


@pytest.mark.parametrize("case", NOT_USABLE)
def test_each_reason_is_a_sentence_of_its_own(case: str, fund: Fund, folder: Path, pdf: bytes) -> None:
    place, sentence = NOT_USABLE[case]
    place()(folder)
    verdict = sealing.usable(fund, AT)
    assert not verdict
    assert sentence in str(verdict.reason)
    with pytest.raises(SealUnusable, match=sentence.split(":")[0]):
        sealing.seal(pdf, fund, AT)


@pytest.mark.parametrize("case", USABLE)
def test_what_is_in_order_seals(case: str, fund: Fund, folder: Path) -> None:
    USABLE[case]()(folder)
    assert sealing.usable(fund, AT)


def test_a_seal_is_valid_from_its_first_moment_to_its_last(fund: Fund, folder: Path) -> None:
    placed(issue().p12())(folder)
    moment = timedelta(seconds=1)
    usable = [bool(sealing.usable(fund, at)) for at in (FROM - moment, FROM, UNTIL, UNTIL + moment)]
    assert usable == [False, True, True, False]


def test_nobody_learns_what_stands_in_the_file(fund: Fund, folder: Path) -> None:
    placed(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nsecret\n", "pem")(folder)
    with pytest.raises(SealUnusable) as refused:
        sealing.seal(b"", fund, AT)
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_trial_makes_a_seal_of_its_own_once(
    fund: Fund, other_fund: Fund, folder: Path, settings: Settings
) -> None:
    settings.OWN_SEALS = True
    first = seals_of(fund)
    assert seals_of(fund) == first != seals_of(other_fund)
    assert {one.name for one in folder.iterdir()} == {"311.p12", "509.p12"}
    assert all(one.stat().st_mode & 0o777 == 0o600 for one in folder.iterdir())


def seals_of(fund: Fund) -> str:
    return seals.seal_of(fund, AT).fingerprint


def test_a_command_makes_one_and_does_not_write_over_another(fund: Fund, folder: Path) -> None:
    call_command("make_seal", "311")
    made = seals_of(fund)
    with pytest.raises(CommandError, match="--replace"):
        call_command("make_seal", "311")
    assert seals_of(fund) == made
    call_command("make_seal", "311", "--replace")
    assert seals_of(fund) != made
    with pytest.raises(CommandError, match="no fund 999"):
        call_command("make_seal", "999")


def test_the_passphrase_keeps_the_key(fund: Fund, folder: Path, settings: Settings) -> None:
    call_command("make_seal", "311")
    settings.SEAL_PASSPHRASE = ""
    assert "cannot be read" in str(sealing.usable(fund, AT).reason)
    settings.SEAL_PASSPHRASE = PASSPHRASE
    assert sealing.usable(fund, AT)
