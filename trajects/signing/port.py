"""What a provider of signatures does for us, whoever it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from django.utils.translation import gettext_lazy as _

from tnw.core.errors import DomainError

Became = Literal["started", "signed", "refused", "ended"]


class ProviderDown(DomainError):
    """The provider does not answer, or not as it should; nothing is lost by it."""

    code = "provider_down"

    def __init__(self) -> None:
        super().__init__(
            _(
                "The provider of signatures does not answer as it should. Nothing is lost: try again in a while."
            )
        )


class NotFromProvider(DomainError):
    """Somebody else called in the provider's name."""

    code = "not_from_provider"

    def __init__(self) -> None:
        super().__init__(_("This does not come from the provider of signatures."))


@dataclass(frozen=True, slots=True)
class ToSign:
    """What is handed over: the PDF and nothing else about anybody; and where one comes back, where we are called."""

    content: bytes
    sha256: str
    title: str
    language: str
    reference: str
    back: str
    callback: str


class Session(NamedTuple):
    """The provider's own word for it, and where the insured signs."""

    id: str
    url: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a session. `identity` says in the provider's words how it made sure of `name`."""

    became: Became
    sha256: str = ""
    name: str = ""
    identity: str = ""
    at: datetime | None = None
    evidence: bytes = b""


class Provider(Protocol):
    """`start`, `callback`, `fetch`. All of them raise ProviderDown."""

    def start(self, what: ToSign) -> Session:
        """Hand a PDF over."""
        ...

    def callback(self, body: bytes, mac: str) -> str:
        """About which session this call is. Raises NotFromProvider."""
        ...

    def fetch(self, session: str) -> Result:
        """What became of it: this counts, not what a call says."""
        ...
