"""Documents over the API: what was written, how it went, and its bytes."""

from collections.abc import Callable
from datetime import date

import pytest

from dossiers.documents import dispatching, making
from dossiers.documents.kinds import kinds
from dossiers.models import Document
from dossiers.policies import DOCUMENTS_TOLD, DOCUMENTS_UNTOLD
from tests.api.client import Caller
from tests.api.conftest import Api
from tests.route_a.stage import Case
from tnw.accounts.models import AccessLog, Fund
from tnw.core import clock
from tnw.integration.rest.contract import committed
from tnw.integration.rest.names import camel

DAY = date(2026, 3, 2)


@pytest.fixture
def written(case: Case) -> Document:
    case.on(DAY).plan(date(2026, 3, 16))
    subject = case.dossier.appointments.get().subject
    made = case.act(making.write, "coordinator", kind="invitation", channel="post", subject=subject)
    with clock.at(DAY):
        dispatching.prepare(
            document_id=made.public_id, actor=case.people["coordinator"], on=DAY, channel="post"
        )
    return Document.objects.get(dossier=case.dossier)


@pytest.fixture
def portal(api: Api, case: Case):
    with clock.at(DAY):
        yield api.as_fund("document:read")


def test_a_letter_with_how_it_went_and_its_bytes(portal: Caller, case: Case, written: Document) -> None:
    (told,) = portal.get(f"/dossiers/{case.dossier.public_id}/documents").json()["items"]
    assert (told["kind"], told["madeOn"], told["sha256"], told["sealed"]) == (
        "invitation", "2026-03-02", written.sha256, bool(written.certificate),
    )  # fmt: skip
    assert told["sendings"] == [{"channel": "post", "state": "waiting", "preparedOn": "2026-03-02"}]
    assert told["dossier"].endswith(f"/v1/dossiers/{case.dossier.public_id}")
    assert portal.get(f"/documents/{written.public_id}").json() == told
    # In the language of the letter, whatever the call asks for.
    content = portal.get(told["content"].partition("/v1")[2], Accept_Language="de-BE")
    assert content["Content-Language"] == f"{written.language}-BE" != "de-BE"
    assert (content["Content-Type"], content.content) == ("application/pdf", bytes(written.content))
    again = portal.get(f"/documents/{written.public_id}/content", If_None_Match=content["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert content["Cache-Control"] == "no-store"
    assert AccessLog.objects.filter(dossier_id=case.dossier.pk, through="api").count() == 4


def test_behind_the_wall_there_is_nothing(
    api: Api, case: Case, written: Document, new_fund: Callable[[str], Fund]
) -> None:
    other = api.as_fund("document:read", fund=new_fund("509"))
    for path in (f"/documents/{written.public_id}", f"/documents/{written.public_id}/content"):
        assert other.get(path).status_code == 404
    assert other.get(f"/dossiers/{case.dossier.public_id}/documents").status_code == 404
    assert api.as_fund("dossier:read").get(f"/documents/{written.public_id}").status_code == 403


def test_every_kind_of_document_is_judged_once() -> None:
    assert kinds().keys() == DOCUMENTS_TOLD | DOCUMENTS_UNTOLD
    assert not DOCUMENTS_TOLD & DOCUMENTS_UNTOLD
    shut = {
        "dossier_copy", "permission_refused", "adapted_work_refused", "traject_ended", "training_refused",
        "partner_form", "training_application",
    }  # fmt: skip
    assert shut < DOCUMENTS_UNTOLD


@pytest.mark.parametrize("kind", [*sorted(DOCUMENTS_UNTOLD), "a_letter_of_tomorrow"])
def test_what_tells_a_reason_or_a_result_of_health_does_not_exist_here(
    portal: Caller, case: Case, written: Document, kind: str
) -> None:
    columns = (
        "fund_id",
        "dossier_id",
        "language",
        "title",
        "content",
        "sha256",
        "pages",
        "made_on",
        "made_at",
        "actor_id",
    )
    hidden = Document.objects.create(kind=kind, **{name: getattr(written, name) for name in columns})
    listed = portal.get(f"/dossiers/{case.dossier.public_id}/documents").json()
    assert (listed["total"], listed["items"][0]["kind"]) == (1, "invitation")
    for path in (f"/documents/{hidden.public_id}", f"/documents/{hidden.public_id}/content"):
        assert portal.get(path).status_code == 404


def test_the_contract_names_no_kind_that_is_not_given() -> None:
    codes = committed()["components"]["schemas"]["Document"]["properties"]["kind"]["enum"]
    assert sorted(codes) == sorted(camel(kind) for kind in DOCUMENTS_TOLD)


def test_bytes_are_given_as_pdf_alone(portal: Caller, written: Document) -> None:
    path = f"/documents/{written.public_id}/content"
    assert portal.get(path, Accept="application/pdf").status_code == 200
    assert portal.get(path, Accept="text/html, application/*;q=0.5").status_code == 200
    for other in ("image/png", "application/json", "application/problem+json", "application/pdf;q=0, */*"):
        assert portal.get(path, Accept=other).status_code == 406, other
