"""Below the root of the API, what comes to no resource is answered as everything else is."""

from typing import Any

import pytest
from django.test import Client as Browser

from tests.api.client import check
from tnw.integration.rest.shape import ROOT


@pytest.mark.parametrize(
    ("path", "host", "status", "kind"),
    [
        ("/doc/openapi.xml", "testserver", 404, "resourceNotFound"),
        ("/health", "elsewhere.example", 400, "badRequest"),
        ("/dossiers/query", "elsewhere.example", 400, "badRequest"),
        ("/nothing", "elsewhere.example", 400, "badRequest"),
    ],
)
def test_it_is_a_problem(db: None, path: str, host: str, status: int, kind: str) -> None:
    answer: Any = Browser().get(ROOT + path, headers={"Host": host, "Accept-Language": "fr-BE"})
    check("GET", path, answer)
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (status, kind)
    assert answer["Content-Language"] == "fr-BE"


def test_what_fails_there_is_a_problem_too(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tnw.integration.rest.doc._json", broken)
    answer: Any = Browser(raise_request_exception=False).get(f"{ROOT}/doc/openapi.json")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert answer.json()["type"].endswith(":internalServerError")


def test_elsewhere_it_is_a_page(db: None) -> None:
    answer = Browser().get("/health", headers={"Host": "elsewhere.example"})
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (400, "text/html")


def test_health_knows_no_parameter_either(db: None) -> None:
    answer: Any = Browser().get(f"{ROOT}/health?x=1")
    check("GET", "/health", answer)
    assert (answer.status_code, answer.json()["issues"][0]["type"].rpartition(":")[2]) == (
        400,
        "unknownInput",
    )
