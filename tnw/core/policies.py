"""A policy is a plain predicate that says yes, or why not; services refuse by it and pages explain by it."""

from dataclasses import dataclass

from django.utils.functional import Promise

from tnw.core.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Verdict:
    """May it be done, and if not, the sentence that says why.

    `forbids`: it never may be, by whoever asks. `code`: what a machine knows the reason by, where it has to. `field`:
    the input that it is about, where another one may be allowed.
    """

    allowed: bool
    reason: str | Promise = ""
    forbids: bool = False
    code: str | None = None
    field: str | None = None

    def __bool__(self) -> bool:
        return self.allowed


YES = Verdict(True)


def require(verdict: Verdict) -> None:
    """Raises NotAllowed with the policy's own reason."""
    if not verdict:
        raise NotAllowed(verdict.reason, forbidden=verdict.forbids, code=verdict.code, field=verdict.field)
