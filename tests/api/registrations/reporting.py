"""How a regional service reports of somebody, and what comes of it."""

from typing import Any

from routing.models import RouteC
from routing.services import route_c as services
from tests.api.client import Caller
from tests.api.registrations.conftest import DAY
from tests.route_a.stage import COORDINATOR, Case
from tnw.integration.registrations import process_waiting
from tnw.integration.rest.shape import ROOT

AT = "/partnerRegistrations"
BASE = f"http://localhost:8000{ROOT}"
IN_WINDOW = "2023-06-01"


def ssin_of(case: Case) -> str:
    return case.line["ssin"]


def report(service: Caller, ssin: str, registered_on: str = IN_WINDOW, **headers: str) -> Any:
    return service.post(AT, {"ssin": ssin, "registeredOn": registered_on}, **headers)


def place(answer: Any) -> str:
    return str(answer["Location"]).removeprefix(BASE)


def reported(service: Caller, case: Case) -> str:
    at = place(report(service, ssin_of(case)))
    assert process_waiting() == 1
    return at


def confirmed(service: Caller, case: Case) -> str:
    at = reported(service, case)
    case.on(DAY)
    case.act(services.confirm_invalidity, COORDINATOR, subject=RouteC.objects.get().subject)
    return at
