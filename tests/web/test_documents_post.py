"""What waits for the post: the own first, printed in its order, posted, withdrawn, and never to the dead."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dossiers import jobs
from dossiers.documents import dispatching
from dossiers.models import Channel, Dispatch, DispatchState, Dossier, Scan
from tests import population
from tests.web import cases
from tests.web.letters import REFERRED, on_its_way, ways
from tnw.accounts import actors, audit
from tnw.accounts.models import AccessLog, Fund, Role, User
from tnw.core import scope

Stand = Callable[..., Dossier]
SignedIn = Callable[[User], Client]
POST = reverse("letters")


def registered(way: Dispatch) -> Dispatch:
    """The same, by registered mail: no letter for everybody goes so."""
    with scope.funds(way.fund_id):
        Dispatch.objects.filter(pk=way.pk).update(channel=Channel.REGISTERED)
    way.channel = Channel.REGISTERED
    return way


def choose(*chosen: Dispatch, **more: Any) -> dict[str, Any]:
    return {"letter": [str(way.public_id) for way in chosen], **more}


def test_the_own_come_first_and_each_is_named(
    stand: Stand, signed_in: SignedIn, coordinator: User, make_user: Callable[..., User], fund: Fund
) -> None:
    colleague = make_user(Role.COORDINATOR, fund=fund)
    theirs = stand(REFERRED, last_name="Peeters")
    with scope.funds(fund.pk):
        Dossier.objects.filter(pk=theirs.pk).update(coordinator=colleague)
    on_its_way(theirs, colleague)
    on_its_way(stand(REFERRED, last_name="Maes"), coordinator)
    page = signed_in(coordinator).get(POST).content.decode()
    assert "2 letters wait for the post" in page
    assert page.index("Yours") < page.index("Maes") < page.index("Of colleagues") < page.index("Peeters")


def test_printed_as_one_file_in_the_order_of_the_post(
    stand: Stand, signed_in: SignedIn, coordinator: User
) -> None:
    """Each begins on a front side: where one has an odd number of pages, a blank one follows."""
    places = {"9000": "Maes", "1000": "Claes", "4000": "Dubois"}
    dossiers = [stand(REFERRED, postal_code=code, last_name=name) for code, name in places.items()]
    sent = [on_its_way(one, coordinator) for one in dossiers]
    answer = signed_in(coordinator).post(reverse("letters_print"), choose(*sent))
    assert answer["Content-Type"] == "application/pdf"
    merged = pypdfium2.PdfDocument(answer.content)
    texts = [merged[number].get_textpage().get_text_range() for number in range(0, len(merged), 2)]
    assert [name in text for name, text in zip(("Claes", "Dubois", "Maes"), texts, strict=True)] == [True] * 3
    assert len(merged) == 6
    with scope.funds(coordinator.fund_id):
        assert AccessLog.objects.filter(through="letter").count() == 3
        assert set(Dispatch.objects.values_list("state", flat=True)) == {DispatchState.WAITING}


def test_posted_each_for_itself(stand: Stand, signed_in: SignedIn, coordinator: User) -> None:
    plain = on_its_way(stand(REFERRED, last_name="Maes"), coordinator)
    proven = registered(on_its_way(stand(REFERRED, last_name="Peeters"), coordinator))
    unproven = registered(on_its_way(stand(REFERRED, last_name="Claes"), coordinator))
    number = {f"number-{proven.public_id}": "RR 123 BE"}
    chosen = choose(plain, proven, unproven, on="15/06/2026", do="posted", **number)
    page = signed_in(coordinator).post(POST, chosen).content.decode()
    assert "2 letters are recorded as posted." in page
    assert "Claes" in page.split("These were not recorded")[1].split("</ul>")[0]
    with scope.funds(coordinator.fund_id):
        states = dict(Dispatch.objects.values_list("pk", "state"))
        assert Dispatch.objects.get(pk=proven.pk).number == "RR 123 BE"
    assert states == {plain.pk: "sent", proven.pk: "sent", unproven.pk: "waiting"}


def test_a_registered_letter_with_the_scan_of_its_proof(
    stand: Stand, signed_in: SignedIn, coordinator: User
) -> None:
    dossier = stand(REFERRED)
    way = registered(on_its_way(dossier, coordinator))
    url = reverse("dossier_letter_way", args=[dossier.public_id, way.public_id, "posted"])
    client = signed_in(coordinator)
    assert "is its proof" in client.post(url, {"on": "15/06/2026"}).content.decode()
    wrong = SimpleUploadedFile("proof.exe", b"MZ")
    assert (
        "Only a PDF" in client.post(url, {"on": "15/06/2026", "number": "R1", "scan": wrong}).content.decode()
    )
    scan = SimpleUploadedFile("proof.pdf", b"%PDF-1.4 proof")
    client.post(url, {"on": "15/06/2026", "number": "R1", "scan": scan})
    (sent,) = ways(dossier)
    assert (sent.state, sent.number, sent.sent_on) == ("sent", "R1", cases.TODAY)
    with scope.funds(coordinator.fund_id):
        assert sent.scan_id is not None
        assert bytes(Scan.objects.get(pk=sent.scan_id).content) == b"%PDF-1.4 proof"
    assert "proof.pdf" in client.get(reverse("dossier_letters", args=[dossier.public_id])).content.decode()


def test_nothing_went_or_came_back_on_a_day_to_come(
    stand: Stand, signed_in: SignedIn, coordinator: User
) -> None:
    dossier = stand(REFERRED)
    way = on_its_way(dossier, coordinator)
    client = signed_in(coordinator)

    def said(step: str, on: str) -> str:
        url = reverse("dossier_letter_way", args=[dossier.public_id, way.public_id, step])
        return client.post(url, {"on": on}).content.decode()

    assert "This day lies ahead" in said("posted", "16/06/2026")
    assert ways(dossier)[0].state == DispatchState.WAITING
    said("posted", "15/06/2026")
    assert "This day lies ahead" in said("returned", "16/06/2026")
    assert ways(dossier)[0].state == DispatchState.SENT
    said("returned", "15/06/2026")
    assert ways(dossier)[0].state == DispatchState.RETURNED


def test_withdrawn_and_nothing_chosen(stand: Stand, signed_in: SignedIn, coordinator: User) -> None:
    dossier = stand(REFERRED)
    way = on_its_way(dossier, coordinator)
    client = signed_in(coordinator)
    assert "Choose at least one letter." in client.post(POST, {"do": "posted"}).content.decode()
    client.post(POST, choose(way, do="withdraw"))
    assert ways(dossier)[0].state == DispatchState.WITHDRAWN


def test_another_fund_has_its_own_post(
    stand: Stand, signed_in: SignedIn, coordinator: User, other_fund: Fund, make_user: Callable[..., User]
) -> None:
    way = on_its_way(stand(REFERRED, last_name="Maes"), coordinator)
    stranger = make_user(Role.COORDINATOR, fund=other_fund)
    client = signed_in(stranger)
    assert "Maes" not in client.get(POST).content.decode()
    assert client.post(reverse("letters_print"), choose(way)).status_code == 302
    page = client.post(POST, choose(way, on="15/06/2026", do="posted")).content.decode()
    assert "This letter does not exist." in page
    assert "Maes" not in page


@pytest.mark.parametrize("dossiers", [1, 2])
@pytest.mark.parametrize("channel", [Channel.POST, Channel.EMAIL])
def test_after_a_death_what_waits_does_not_go(
    channel: str,
    dossiers: int,
    stand: Stand,
    signed_in: SignedIn,
    coordinator: User,
    mailoutbox: list[Any],
    fund: Fund,
) -> None:
    """Nor of a dossier that ended before it, where the death is told of the next."""
    dossier = stand(REFERRED, email="an@example.org", reference="ref-d", birth_date="1980-05-05")
    way = on_its_way(dossier, coordinator, channel)
    person: dict[str, Any] = {
        "ssin": dossier.incapacity.person.ssin,
        "email": "an@example.org",
        "birth_date": "1980-05-05",
    }
    ends: dict[str, Any] = {"end": "2026-06-14", "end_reason": "death"}
    lines = [{"reference": "ref-d", "version": 2, "start": cases.START, **ends}]
    if dossiers == 2:
        lines[0] |= {"end": "2026-06-10", "end_reason": "resumed"}
        lines.append({"reference": "ref-e", "start": "2026-06-11", **ends})
    told = [population.line(fund=fund.number, **one, **person) for one in lines]
    assert not population.take_in(fund, told, cases.TODAY)["rejected"]
    client = signed_in(coordinator)
    assert (
        "This person has died"
        in client.get(reverse("dossier_letters", args=[dossier.public_id])).content.decode()
    )
    assert "Nothing waits for the post." in client.get(POST).content.decode()
    assert client.post(reverse("letters_print"), choose(way)).status_code == 302
    with audit.acting_as(actors.of_user(coordinator), fund):
        (refused,) = dispatching.posted(
            dispatch_ids=[way.public_id], actor=actors.of_user(coordinator), on=cases.TODAY
        )
    assert "has died" in str(refused.refused)
    assert jobs.letters_on_their_way(date(2026, 6, 15), fund)[fund.number]["withdrawn"] == 1
    assert ways(dossier)[0].state == DispatchState.WITHDRAWN
    assert not mailoutbox
