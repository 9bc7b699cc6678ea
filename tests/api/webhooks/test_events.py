"""What is told of a fact: every kind has its event or is left out knowingly, and no event says more than where to look."""

import json
import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from dossiers.law import kinds
from tests.api.client import document
from tnw.integration.access import SCOPES
from tnw.integration.webhooks.events import (
    BESIDE_FACTS,
    EVENT_TYPES,
    OF_FACTS,
    PREFIX,
    UNTOLD,
    event,
    id_of,
    scope_of,
)
from tnw.integration.webhooks.places import RESOURCES

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_no_kind_of_fact_is_forgotten() -> None:
    assert set(OF_FACTS) | UNTOLD == set(kinds.KINDS)
    assert not UNTOLD & set(OF_FACTS)


def test_names_are_camel_case_and_under_a_scope_that_there_is() -> None:
    for name in EVENT_TYPES:
        assert re.fullmatch(r"be\.tnw\.[a-z][A-Za-z]*\.[a-z][A-Za-z]*", name), name
        assert len(name) <= 80
        assert scope_of(name) in SCOPES, name


def test_no_name_tells_what_was_decided() -> None:
    """That a doctor decided is told; what, stands nowhere."""
    for yes, no in [
        ("permission_granted", "permission_refused"),
        ("adapted_work_permitted", "adapted_work_refused"),
        ("reduction_confirmed", "reduction_refused"),
        ("invalidity_confirmed", "invalidity_denied"),
        ("consent_given", "consent_refused"),
    ]:
        assert OF_FACTS[yes] == OF_FACTS[no]


def test_a_body_is_a_thin_cloud_event() -> None:
    dossier, id = uuid4(), uuid4()
    told = event(EVENT_TYPES[0], f"/adaptedWorks/{id}", AT, id=id, dossier=dossier, version=7)
    body = json.loads(told.body)
    assert set(body) == {"specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"}
    assert (body["specversion"], body["id"], body["datacontenttype"]) == ("1.0", str(id), "application/json")
    assert body["source"].endswith("/api/tnw/v1")
    assert body["subject"] == f"/adaptedWorks/{id}"
    assert datetime.fromisoformat(body["time"]) == AT
    assert body["data"] == {
        "href": f"{body['source']}/adaptedWorks/{id}",
        "dossier": {"href": f"{body['source']}/dossiers/{dossier}"},
        "version": 7,
    }


def test_the_id_is_that_of_the_happening() -> None:
    one = UUID("0190a000-0000-7000-8000-000000000001")
    name = PREFIX + BESIDE_FACTS[0]
    assert id_of(one, 1, name) == id_of(one, 1, name)
    assert len({id_of(one, 1, name), id_of(one, 2, name), id_of(uuid4(), 1, name)}) == 3


@pytest.mark.parametrize("path", sorted({path for _model, path in RESOURCES.values()} | {"/dossiers/{}"}))
def test_a_link_leads_to_a_resource_of_the_api(path: str) -> None:
    pattern = re.compile(path.replace("{}", r"{\w+}"))
    found = [one for one in document()["paths"] if pattern.fullmatch(one)]
    assert found
    assert "get" in document()["paths"][found[0]]
