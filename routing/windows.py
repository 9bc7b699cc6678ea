"""When a regional service can register somebody (C2): reference data of a fund, that its administrators edit."""

from datetime import date
from typing import Any

from routing.models import RegistrationWindow
from routing.models.route_c import Service
from tnw.accounts.models import Fund

# The pilot, as far as we know it: whether it was extended, an administrator says. ADG took no part.
PILOT: tuple[tuple[str, date, date], ...] = (
    ("vdab", date(2023, 3, 1), date(2024, 3, 31)),
    ("actiris", date(2023, 3, 1), date(2024, 3, 31)),
    ("forem", date(2023, 5, 22), date(2024, 3, 31)),
)


def write(model: Any, fund_id: int, using: str = "default") -> None:
    """Give a fund without windows those of the pilot."""
    windows = model.objects.using(using)
    if windows.filter(fund_id=fund_id).exists():
        return
    # Past the audit trail: they come with the code, like all reference data of a new fund. Edits of them are in it.
    windows.bulk_create(
        model(fund_id=fund_id, service=service, opens_on=first, closes_on=last)
        for service, first, last in PILOT
    )


def windows_of(fund_id: int) -> dict[str, list[RegistrationWindow]]:
    """The windows of each service, the earliest first; a service without any is there too."""
    found: dict[str, list[RegistrationWindow]] = {str(service): [] for service in Service}
    for window in RegistrationWindow.objects.filter(fund=fund_id):
        found[window.service].append(window)
    return found


def is_within(fund_id: int, service: str, day: date) -> bool:
    """Whether the service could register somebody on that day, its first and its last one included."""
    open_then = RegistrationWindow.objects.filter(fund=fund_id, service=service, opens_on__lte=day)
    return open_then.exclude(closes_on__lt=day).exists()


def overlapping(window: RegistrationWindow) -> RegistrationWindow | None:
    """Another window of the same service that shares a day with this one."""
    others = RegistrationWindow.objects.filter(fund=window.fund_id, service=window.service)
    others = others.exclude(pk=window.pk).exclude(closes_on__lt=window.opens_on)
    return (others.filter(opens_on__lte=window.closes_on) if window.closes_on else others).first()


def open_invented(fund: Fund) -> None:
    """For the demo, whose people live today: a window that no law knows, and that says so."""
    RegistrationWindow.objects.create(
        fund=fund, service=Service.VDAB, opens_on=date(2025, 1, 1), note="invented for the demo"
    )
