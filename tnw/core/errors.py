"""What can go wrong in the domain: one class, translated once, shown as a page, a problem or a line of text."""

from typing import Any

from django.utils.functional import Promise


class DomainError(Exception):
    """A refusal that a person can understand.

    `code` is stable and machine-readable, `message` a translatable sentence with `%(name)s` places for `values`,
    `field` the input it is about, if any.
    """

    code = "refused"

    def __init__(
        self, message: str | Promise, *, code: str | None = None, field: str | None = None, **values: Any
    ) -> None:
        super().__init__(message)
        self.message = message
        self.values = values
        self.field = field
        if code:
            self.code = code

    def __str__(self) -> str:
        return str(self.message) % {"field": self.field, "code": self.code, **self.values}


class NotAllowed(DomainError):
    """The actor may not do this: `forbidden` whatever the state of things, or not as they stand."""

    code = "not_allowed"

    def __init__(self, message: str | Promise, *, forbidden: bool = False, **values: Any) -> None:
        super().__init__(message, **values)
        self.forbidden = forbidden
