"""Letters of a dossier on its page: the list, writing with the pages in view, how each went."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.documents import dispatching
from dossiers.documents.kinds import kinds
from dossiers.law.facts import fact
from dossiers.models import DispatchState, Document, Dossier, InsuredPerson
from tests.web import cases
from tests.web.letters import INVITATION, REFERRED, on_its_way, ways, written
from tnw.accounts import actors
from tnw.accounts.models import AccessLog, Fund, Role, User
from tnw.core import clock, scope
from tnw.core.errors import DomainError
from tnw.web.letters import last_address

Stand = Callable[..., Dossier]


def tab(dossier: Dossier) -> str:
    return reverse("dossier_letters", args=[dossier.public_id])


def writing(dossier: Dossier, kind: str = INVITATION) -> str:
    return reverse("dossier_letter_write", args=[dossier.public_id, kind])


def typed(dossier: Dossier, **more: Any) -> dict[str, Any]:
    return cases.typed(dossier, channel="post", said_text="Bring your badge.", **more)


def test_the_tab_tells_which_letters_can_be_written_and_why_the_others_cannot(
    stand: Stand, signed_in: Callable[[User], Client], coordinator: User
) -> None:
    page = signed_in(coordinator).get(tab(stand(REFERRED))).content.decode()
    can, cannot = page.split("cannot be written now")
    assert "Invitation to an appointment" in can
    assert "No appointment was moved." in cannot
    assert "Nothing was written in this dossier yet." in can


@pytest.mark.parametrize("role", [Role.MEDICAL_TEAM, Role.TEAM_LEAD])
def test_who_writes_no_letters_reads_them(
    role: str, stand: Stand, browse: Callable[..., Client], coordinator: User
) -> None:
    dossier = stand(REFERRED)
    way = on_its_way(dossier, coordinator)
    page = browse(role).get(tab(dossier)).content.decode()
    assert way.document.title in page
    assert "Write a letter" not in page
    assert "It was posted" not in page


def test_a_letter_is_kept_and_put_on_its_way_in_one_step(
    stand: Stand, signed_in: Callable[[User], Client], coordinator: User
) -> None:
    dossier = stand(REFERRED)
    client = signed_in(coordinator)
    answer = client.post(writing(dossier), typed(dossier), follow=True)
    (way,) = ways(dossier)
    assert (way.channel, way.state, way.document.kind) == ("post", DispatchState.WAITING, INVITATION)
    assert "waits for the post" in answer.content.decode()


def test_what_cannot_go_is_not_kept(
    stand: Stand, signed_in: Callable[[User], Client], coordinator: User
) -> None:
    dossier = stand(REFERRED)
    answer = signed_in(coordinator).post(writing(dossier), {**typed(dossier), "channel": "email"})
    assert "There is no e-mail address for this person" in answer.content.decode()
    assert not ways(dossier)


def test_a_field_that_is_missing_is_named_and_nothing_is_kept(
    stand: Stand, signed_in: Callable[[User], Client], coordinator: User
) -> None:
    dossier = stand(REFERRED)
    with scope.funds(dossier.fund_id):
        InsuredPerson.objects.update(street="")
    client = signed_in(coordinator)
    for more in ({}, {"preview": "1"}):
        answer = client.post(writing(dossier), typed(dossier, **more))
        assert "the street of the insured person" in answer.content.decode()
    assert not ways(dossier)
    # From hand to hand it needs no window; what is kept without one does not go by post later.
    by_hand = {**typed(dossier), "channel": "handed_over"}
    assert client.post(writing(dossier), by_hand).status_code == 302
    (way,) = ways(dossier)
    assert (way.channel, way.state) == ("handed_over", DispatchState.SENT)
    actor = actors.of_user(coordinator)
    with scope.funds(dossier.fund_id):
        InsuredPerson.objects.update(street="Laan 1")
    with scope.funds(dossier.fund_id), pytest.raises(DomainError) as refusal:
        dispatching.prepare(document_id=way.document.public_id, actor=actor, on=clock.today(), channel="post")
    assert refusal.value.code == "no_address"


def test_the_preview_shows_the_pages_and_keeps_nothing(
    stand: Stand, signed_in: Callable[[User], Client], coordinator: User
) -> None:
    dossier = stand(REFERRED)
    client = signed_in(coordinator)
    asked = {**typed(dossier, preview="1"), "channel": ""}
    fragment = client.post(writing(dossier), asked, headers={"HX-Request": "true"}).content.decode()
    assert fragment.count("data:image/png;base64,") == 1
    assert "<html" not in fragment
    whole = client.post(writing(dossier), asked).content.decode()
    assert "data:image/png;base64," in whole
    assert "Bring your badge." in whole  # what was typed stays
    pdf = client.post(writing(dossier), typed(dossier, pdf="1"))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    assert not ways(dossier)


def test_who_read_an_older_dossier_is_told_and_loses_nothing(
    stand: Stand, signed_in: Callable[[User], Client], coordinator: User
) -> None:
    dossier = stand(REFERRED)
    answer = signed_in(coordinator).post(writing(dossier), {**typed(dossier), "seen": "1"})
    assert answer.status_code == 409
    assert "Bring your badge." in answer.content.decode()
    assert not ways(dossier)


@pytest.mark.parametrize(("kind", "status"), [("appointment_cancelled", 403), ("nothing-such", 404)])
def test_what_cannot_be_written_has_no_form(
    kind: str, status: int, stand: Stand, signed_in: Callable[[User], Client], coordinator: User
) -> None:
    dossier = stand(REFERRED)
    answer = signed_in(coordinator).get(writing(dossier, kind))
    assert answer.status_code == status
    assert "said_text" not in answer.content.decode()


def test_after_a_death_nothing_is_written(
    stand: Stand, signed_in: Callable[[User], Client], coordinator: User
) -> None:
    dossier = stand(REFERRED, end="2026-06-14", end_reason="death")
    client = signed_in(coordinator)
    page = client.get(tab(dossier)).content.decode()
    assert "This person has died" in page
    assert "Write a letter" not in page
    assert client.post(writing(dossier), typed(dossier)).status_code == 403
    assert not ways(dossier)


def test_the_document_is_shown_as_it_was_kept_and_each_look_is_logged(
    stand: Stand, signed_in: Callable[[User], Client], coordinator: User
) -> None:
    dossier = stand(REFERRED)
    document = written(dossier, coordinator)
    client = signed_in(coordinator)
    named = [dossier.public_id, document.public_id]
    page = client.get(reverse("dossier_letter", args=named)).content.decode()
    assert document.sha256 in page
    assert document.reference in page
    pdf = client.get(reverse("dossier_letter_pdf", args=named))
    assert pdf.content == bytes(document.content)
    assert "no-store" in pdf["Cache-Control"]
    with scope.funds(dossier.fund_id):
        assert AccessLog.objects.filter(through="letter", dossier_id=dossier.pk).count() == 2


def test_a_document_is_sent_again_by_another_way(
    stand: Stand, signed_in: Callable[[User], Client], coordinator: User
) -> None:
    dossier = stand(REFERRED)
    first = on_its_way(dossier, coordinator)
    url = reverse("dossier_letter", args=[dossier.public_id, first.document.public_id])
    client = signed_in(coordinator)
    page = client.get(url).content.decode()
    assert "It waits to be sent already." in page
    assert "btn-primary" not in page, "nothing has to be done here"
    assert "waits to be sent this way already" in client.post(url, {"channel": "post"}).content.decode()
    client.post(url, {"channel": "handed_over"})
    assert [(way.channel, way.state) for way in ways(dossier)] == [
        ("post", DispatchState.WAITING),
        ("handed_over", DispatchState.SENT),
    ]


def step(dossier: Dossier, way: Any, name: str) -> str:
    return reverse("dossier_letter_way", args=[dossier.public_id, way.public_id, name])


def test_from_the_post_and_back(stand: Stand, signed_in: Callable[[User], Client], coordinator: User) -> None:
    dossier = stand(REFERRED)
    way = on_its_way(dossier, coordinator)
    client = signed_in(coordinator)
    answer = client.post(step(dossier, way, "posted"), {"on": "14/06/2026"})
    assert "It was not ready yet on that day." in answer.content.decode()
    client.post(step(dossier, way, "posted"), {"on": "15/06/2026"})
    assert ways(dossier)[0].state == DispatchState.SENT
    assert "stands otherwise" in client.get(step(dossier, way, "posted")).content.decode()
    client.post(step(dossier, way, "returned"), {"on": "15/06/2026", "why": "unknown"})
    (back,) = ways(dossier)
    assert (back.state, back.returned_why) == (DispatchState.RETURNED, "unknown")
    assert "unknown" in client.get(tab(dossier)).content.decode()


def test_what_waits_is_withdrawn_and_leads_back_where_it_was_asked(
    stand: Stand, signed_in: Callable[[User], Client], coordinator: User
) -> None:
    dossier = stand(REFERRED)
    way = on_its_way(dossier, coordinator)
    client = signed_in(coordinator)
    answer = client.post(step(dossier, way, "withdraw"), {"next": "/letters"})
    assert answer["Location"] == "/letters"
    assert ways(dossier)[0].state == DispatchState.WITHDRAWN
    elsewhere = client.post(step(dossier, way, "withdraw"), {"next": "https://elsewhere.example/"})
    assert elsewhere.status_code == 200  # nothing waits any more, and nobody is led away


def test_another_dossier_does_not_lend_its_letters(
    stand: Stand, signed_in: Callable[[User], Client], coordinator: User
) -> None:
    dossier, other = stand(REFERRED), stand(REFERRED)
    way = on_its_way(other, coordinator)
    client = signed_in(coordinator)
    for name, named in (("dossier_letter", way.document), ("dossier_letter_pdf", way.document)):
        assert client.get(reverse(name, args=[dossier.public_id, named.public_id])).status_code == 404
    assert client.get(step(dossier, way, "posted")).status_code == 404
    assert client.get(step(other, way, "nothing")).status_code == 404


DRAWN_UP = {
    service: (
        *cases.STATES["started"],
        fact("partner_form_drawn_up", cases.TODAY, "p-1", f"to-{service}", service=service),
    )
    for service in ("vdab", "forem")
}


@pytest.mark.parametrize(
    ("service", "party", "kind", "expected"),
    [
        ("vdab", "regional_service", "partner_form", "VDAB\n1000 Brussel"),
        ("forem", "regional_service", "partner_form", ""),  # another house
        ("forem", "riziv", "training_application", "VDAB\n1000 Brussel"),
        ("vdab", "occupational_physician", "occupational_referral", ""),  # each has his own
    ],
)
def test_the_address_is_that_of_the_last_letter_to_the_same_house(
    service: str, party: str, kind: str, expected: str, stand: Stand, coordinator: User
) -> None:
    before, now = stand(DRAWN_UP["vdab"]), stand(DRAWN_UP[service])
    actor = actors.of_user(coordinator)
    with scope.funds(coordinator.fund_id):
        for address in ("Elsewhere", "VDAB\n1000 Brussel"):
            Document.objects.create(
                fund=coordinator.fund, dossier=before, kind=kind, subject="to-vdab", party=party, address=address,
                language="nl", title="x", content=b"", sha256="", pages=1, made_on=cases.TODAY,
                made_at=clock.now(), actor=actor,
            )  # fmt: skip
        assert last_address(actor, now, kinds()[kind], f"to-{service}") == expected
        assert last_address(actor, before, kinds()[kind], "to-vdab") == "VDAB\n1000 Brussel"


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.COORDINATOR, 200),
        (Role.ADVISORY_DOCTOR, 200),
        (Role.MEDICAL_TEAM, 403),
        (Role.TEAM_LEAD, 403),
        (Role.PRIVACY_OFFICER, 403),
        (Role.ADMINISTRATOR, 403),
    ],
)
def test_who_writes(role: str, status: int, stand: Stand, browse: Callable[..., Client]) -> None:
    assert browse(role).get(writing(stand(REFERRED))).status_code == status


def test_another_funds_dossier_is_not_written_to(
    stand: Stand, signed_in: Callable[[User], Client], make_user: Callable[..., User], other_fund: Fund
) -> None:
    dossier = stand(REFERRED)
    client = signed_in(make_user(Role.COORDINATOR, fund=other_fund))
    assert client.get(writing(dossier)).status_code == 404
    assert client.post(writing(dossier), typed(dossier)).status_code == 404


@pytest.mark.parametrize(
    ("path", "ceiling"),
    [("dossier_letters", 40), ("letters", 12)],
)
def test_more_letters_cost_no_more_queries(
    path: str,
    ceiling: int,
    stand: Stand,
    signed_in: Callable[[User], Client],
    coordinator: User,
    django_assert_max_num_queries: Callable[[int], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dispatching, "_one_at_a_time", lambda _document: None)  # the same letter, many times
    dossier = stand(REFERRED)
    client = signed_in(coordinator)
    url = reverse(path, args=[dossier.public_id] if path.startswith("dossier") else [])
    client.get(url)
    for _more in range(3):
        on_its_way(dossier, coordinator)
    with django_assert_max_num_queries(ceiling):
        assert client.get(url).status_code == 200


def test_who_looked_is_kept_with_what_was_read(
    stand: Stand,
    signed_in: Callable[[User], Client],
    coordinator: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In one transaction: a page that nobody got was not looked at."""
    dossier, client = stand(REFERRED), signed_in(coordinator)

    def fail(*_given: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("tnw.web.letters.offers", fail)
    client.raise_request_exception = False
    assert client.get(tab(dossier)).status_code == 500
    with scope.funds(coordinator.fund_id):
        assert not AccessLog.objects.filter(dossier_id=dossier.pk).exists()


@pytest.mark.parametrize(("today", "late"), [(17, False), (18, True), (21, True)])
def test_an_invitation_that_the_post_brings_too_late_is_warned_of(
    today: int, late: bool, stand: Stand, signed_in: Callable[[User], Client], coordinator: User
) -> None:
    """Written on a Sunday evening for Monday at ten it went without a word, by post as for many."""
    dossier, told = stand(REFERRED), "comes too late"
    client = signed_in(coordinator)
    with clock.at(cases.TODAY.replace(day=today)):
        preview = client.post(writing(dossier), typed(dossier, preview="1")).content.decode()
        assert (told in preview) == late
        handed = client.post(writing(dossier), typed(dossier, preview="1") | {"channel": "handed_over"})
        assert told not in handed.content.decode()
        page = client.post(writing(dossier), typed(dossier), follow=True).content.decode()
        assert (told in page) == late
        many = client.post(reverse("letters_many"), {"dossier": [str(dossier.public_id)]}).content.decode()
        assert (told in many) == late
