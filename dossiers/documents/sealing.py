"""Sealing a PDF with the certificate of the fund (PAdES): from then on each change shows."""

from datetime import datetime
from typing import NamedTuple

from dossiers.documents.seals import SealUnusable, seal_of
from tnw.accounts.models import Fund
from tnw.core.policies import YES, Verdict


class Sealed(NamedTuple):
    """The sealed bytes, and the SHA-256 of the certificate that sealed them."""

    content: bytes
    certificate: str


def usable(fund: Fund, at: datetime) -> Verdict:
    """Whether the fund could seal at that moment, or why not."""
    try:
        seal_of(fund, at)
    except SealUnusable as error:
        return Verdict(False, str(error))
    return YES


def seal(content: bytes, fund: Fund, at: datetime) -> Sealed:
    """Seal a PDF so that nothing may be added to it. Raises SealUnusable: what was to be sealed waits."""
    by = seal_of(fund, at)
    from dossiers.documents import pades

    return Sealed(pades.sign(content, by, fund, at), by.fingerprint)
