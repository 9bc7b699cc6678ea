"""Signing on the pages: the list of what waits, the very PDF, each of the three, and what stands in the way."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Document, Dossier
from tests.seal import authority
from tests.signatures.stage import confirm, drawing, on_paper, page_of, posted, sha256_of, signs, told
from tests.web.cases import typed
from tnw.accounts import actors, audit
from tnw.accounts.models import Deputy, Fund, Role, Team, User
from tnw.core import clock, scope
from tnw.web.signatures import next_of
from trajects import signatures
from trajects.models import EngagementDeclaration, Signature

Browse = Callable[..., Client]
Stand = Callable[..., Dossier]
C, D = Role.COORDINATOR, Role.ADVISORY_DOCTOR
ONE = "0190a000-0000-7000-8000-00000000000d"
ON = "15/06/2026"


@pytest.fixture(autouse=True)
def no_attempts_yet(db: None) -> None:
    cache.clear()


def state(dossier: Dossier) -> str:
    with scope.funds(dossier.fund_id):
        return EngagementDeclaration.objects.get(dossier=dossier, subject=ONE).state


def given(dossier: Dossier) -> dict[str, Signature]:
    with scope.funds(dossier.fund_id):
        return signatures.standing(dossier, ONE)


def listed(client: Client) -> tuple[int, int, int]:
    """How many wait for whoever looks, for others, and for the seal."""
    waiting = client.get(reverse("signatures")).context["waiting"]
    return len(waiting.mine), len(waiting.others), len(waiting.seal)


# --- who sees what


@pytest.mark.parametrize(
    ("role", "status"),
    [(C, 200), (D, 200), (Role.MEDICAL_TEAM, 200), (Role.TEAM_LEAD, 200), (Role.PRIVACY_OFFICER, 403)],
)
def test_who_opens_a_declaration(
    role: str, status: int, sit: Callable[[str], Client], dossier: Dossier
) -> None:
    assert sit(role).get(page_of(dossier, ONE)).status_code == status


def test_of_another_fund_it_does_not_exist(
    dossier: Dossier, client: Client, make_user: Callable[..., User], other_fund: Fund
) -> None:
    client.force_login(make_user(C, fund=other_fund))
    assert client.get(page_of(dossier, ONE)).status_code == 404
    for do in ("sign", "paper", "drawn", "start", "withdraw", "remind", "seal"):
        assert client.post(page_of(dossier, ONE), {"do": do, "role": "coordinator"}).status_code == 404
    assert listed(client) == (0, 0, 0)


def test_what_there_is_not(sit: Callable[[str], Client], dossier: Dossier) -> None:
    assert sit(C).get(page_of(dossier, "another")).status_code == 404
    assert sit(C).post(page_of(dossier, ONE), {"do": "something"}).status_code == 200


def test_nothing_of_health_stands_on_the_page_of_the_coordinator(
    sit: Callable[[str], Client], dossier: Dossier
) -> None:
    assert "Health notes" not in told(sit(C).get(page_of(dossier, ONE)))
    assert "Health notes" in told(sit(D).get(page_of(dossier, ONE))), "the doctor reads it before signing"


# --- the three


def test_z2_z3_all_three_sign_the_very_pdf_and_it_is_sealed(
    sit: Callable[[str], Client], dossier: Dossier, seal: Path
) -> None:
    assert listed(sit(C)) == (1, 0, 0)
    assert listed(sit(D)) == (1, 0, 0)
    page = told(sit(C).get(page_of(dossier, ONE)))
    assert "Silent dossiers" in page, "the places of the navigation stand there"
    read = sha256_of(dossier, ONE)
    assert read
    assert read in page
    assert "Confirm who you are" in page
    assert 'value="sign"' not in page, "not before it is confirmed who signs"
    assert signs(sit(C), dossier, ONE, "coordinator")["Location"] == page_of(dossier, ONE)
    assert listed(sit(C)) == (0, 1, 0)
    assert on_paper(sit(C), dossier, ONE, ON).status_code == 302
    assert signs(sit(D), dossier, ONE, "advisory_doctor").status_code == 302
    assert state(dossier) == "complete"
    assert {one.document.sha256 for one in given(dossier).values()} == {read}
    page = told(sit(D).get(page_of(dossier, ONE)))
    assert "Sealed by the fund" in page
    words = " ".join(re.sub(r"<[^>]+>", "", page).split())
    assert "Hold the interview to draw up the plan, by 15/07/2026" in words
    assert "Presumption of incapacity: 15/06/2026 up to and including 15/12/2026" in words
    assert reverse("verify") in page
    assert listed(sit(C)) == (0, 0, 0)
    assert "Send the insured person a copy" in page
    with scope.funds(dossier.fund_id):
        sealed = Document.objects.get(dossier=dossier, kind=signatures.SEALED)
    letter = reverse("dossier_letter", args=[dossier.public_id, sealed.public_id])
    assert sit(C).post(letter, {"channel": "handed_over"}).status_code == 302
    assert "Send the insured person a copy" not in told(sit(C).get(page_of(dossier, ONE)))


def test_signing_without_confirming_is_refused_and_nothing_is_lost(
    sit: Callable[[str], Client], dossier: Dossier
) -> None:
    client = sit(C)
    client.get(page_of(dossier, ONE))
    page = told(posted(client, dossier, ONE, "sign", role="coordinator"))
    assert "Confirm who you are once more" in page
    assert given(dossier) == {}


def test_another_text_than_the_one_that_was_read_is_not_signed(
    sit: Callable[[str], Client], dossier: Dossier
) -> None:
    client = sit(C)
    client.get(page_of(dossier, ONE))
    confirm(client)
    page = told(posted(client, dossier, ONE, "sign", role="coordinator", sha256="0" * 64))
    assert "This is not the text" in page
    assert given(dossier) == {}


def test_nobody_signs_for_another_role(sit: Callable[[str], Client], dossier: Dossier) -> None:
    for who, role in (
        (C, "advisory_doctor"),
        (D, "coordinator"),
        (C, "insured"),
        (Role.TEAM_LEAD, "coordinator"),
    ):
        page = told(signs(sit(who), dossier, ONE, role))
        assert "This was not done" in page, (who, role)
    assert given(dossier) == {}


def test_where_the_fund_asks_doctors_for_a_second_factor(
    sit: Callable[[str], Client], dossier: Dossier
) -> None:
    Fund.objects.filter(pk=dossier.fund_id).update(second_factor=True)
    page = told(sit(D).get(page_of(dossier, ONE)))
    assert "Set up a second factor" in page
    assert "This was not done" in told(signs(sit(D), dossier, ONE, "advisory_doctor"))
    assert "Set up a second factor" not in told(sit(C).get(page_of(dossier, ONE))), "asked of doctors only"


def test_a_deputy_signs_as_deputy(
    client: Client, dossier: Dossier, people: dict[str, User], make_user: Callable[..., User], team: Team
) -> None:
    deputy = make_user(C, fund=dossier.fund, team=team)
    client.force_login(deputy)
    assert listed(client) == (0, 0, 0)
    with audit.acting_as(actors.system(), dossier.fund):
        period = {"first_day": clock.today(), "last_day": clock.today()}
        Deputy.objects.create(fund=dossier.fund, user=people[C], deputy=deputy, **period)
    assert listed(client) == (1, 0, 0)
    assert f"as deputy of {people[C].name}" in told(client.get(page_of(dossier, ONE)))
    signs(client, dossier, ONE, "coordinator")
    assert given(dossier)["coordinator"].stands_in_for == people[C]
    assert f"as deputy of {people[C].name}" in told(client.get(page_of(dossier, ONE)))


@pytest.mark.parametrize("role", [C, D])
def test_what_waits_for_a_signature_is_told_at_home(
    role: str, sit: Callable[[str], Client], draw_up: Callable[..., Dossier]
) -> None:
    first, _second = draw_up(), draw_up(last_name="Another")
    waits = f'<a href="{reverse("signatures")}">2 declarations to sign</a>'
    client = sit(role)
    assert waits in client.get(reverse("home")).content.decode()
    client.get(page_of(first, ONE))
    signs(client, first, ONE, role)
    assert ">1 declaration to sign</a>" in client.get(reverse("home")).content.decode()
    assert sit(Role.TEAM_LEAD).get(reverse("home")).context["awaiting"] == []


def test_after_signing_the_next_one_that_waits(
    sit: Callable[[str], Client], dossier: Dossier, draw_up: Stand
) -> None:
    other = draw_up(last_name="Another")
    client = sit(C)
    client.get(page_of(dossier, ONE))
    assert signs(client, dossier, ONE, "coordinator")["Location"] == page_of(other, ONE)
    client.get(page_of(other, ONE))
    assert signs(client, other, ONE, "coordinator")["Location"] == page_of(other, ONE), "nothing is left"


def test_the_next_one_is_looked_for_without_the_whole_list(
    dossier: Dossier, people: dict[str, User], django_assert_max_num_queries: Callable[..., object]
) -> None:
    actor = actors.of_user(people[C])
    with scope.funds(dossier.fund_id):
        one = EngagementDeclaration.objects.get(dossier=dossier)
        with django_assert_max_num_queries(5):  # type: ignore[attr-defined]  # a context manager
            assert next_of(actor, date(2026, 6, 15), one) == ""


# --- the insured


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"paper-statement": ""}, "How was the identity checked? This field is required."),
        ({"paper-evidence": ""}, "Add the scan of what was signed."),
        ({"paper-on": "16/06/2026"}, "lies ahead"),
        ({"paper-on": "08/06/2026"}, "It was drawn up after this day."),
        ({"sha256": "0" * 64}, "This is not the text"),
    ],
)
def test_a_signature_on_paper_that_lacks_something(
    wrong: dict[str, str], says: str, sit: Callable[[str], Client], dossier: Dossier
) -> None:
    client = sit(C)
    client.get(page_of(dossier, ONE))
    page = told(on_paper(client, dossier, ONE, ON, **wrong))
    assert says in page
    assert given(dossier) == {}
    if "paper-statement" not in wrong:
        assert "Identity card seen." in page, "what was typed stays"


def test_drawn_on_the_screen(sit: Callable[[str], Client], dossier: Dossier) -> None:
    client = sit(C)
    client.get(page_of(dossier, ONE))
    told_so = {"drawn-evidence": drawing(), "drawn-statement": "Known to me for years."}
    assert posted(client, dossier, ONE, "drawn", **told_so).status_code == 302
    one = given(dossier)["insured"]
    assert (one.method, one.statement) == ("on_screen", "Known to me for years.")
    with scope.funds(dossier.fund_id):
        assert one.evidence
        assert one.evidence.media_type == "image/png"


@pytest.mark.parametrize(
    "drawn",
    ["", "data:image/png;base64,", "data:image/png;base64,AAAA", "data:image/svg+xml,<svg/>", drawing(ink=False),
     drawing(size=(4000, 10)), drawing()[:200]],
    ids=["none", "empty", "no picture", "svg", "blank", "too wide", "cut off"],
)  # fmt: skip
def test_what_is_no_drawing_is_no_signature(
    drawn: str, sit: Callable[[str], Client], dossier: Dossier
) -> None:
    client = sit(C)
    client.get(page_of(dossier, ONE))
    page = told(
        posted(client, dossier, ONE, "drawn", **{"drawn-evidence": drawn, "drawn-statement": "Seen."})
    )
    assert 'role="alert"' in page
    assert given(dossier) == {}


# --- back, on, and what is in the way


def test_taken_back_before_the_third_and_asked_for(sit: Callable[[str], Client], dossier: Dossier) -> None:
    sit(C).get(page_of(dossier, ONE))
    signs(sit(C), dossier, ONE, "coordinator")
    on_paper(sit(C), dossier, ONE, ON)
    page = told(sit(C).get(page_of(dossier, ONE)))
    assert page.count("Yes, take it back") == page.count('value="withdraw"') == 2
    assert page.count('name="note"') == 1, "only that of the insured asks why"
    assert page.count('value="remind"') == 1
    assert "This was not done" in told(posted(sit(D), dossier, ONE, "withdraw", role="coordinator"))
    assert posted(sit(C), dossier, ONE, "remind", role="advisory_doctor").status_code == 302
    assert posted(sit(C), dossier, ONE, "withdraw", role="coordinator").status_code == 302
    assert set(given(dossier)) == {"insured"}


def test_without_a_seal_it_waits_and_says_why(
    sit: Callable[[str], Client], dossier: Dossier, folder: Path
) -> None:
    sit(C).get(page_of(dossier, ONE))
    signs(sit(C), dossier, ONE, "coordinator")
    on_paper(sit(C), dossier, ONE, ON)
    signs(sit(D), dossier, ONE, "advisory_doctor")
    assert state(dossier) == "complete", "the dates do not wait"
    assert listed(sit(C)) == (0, 0, 1)
    assert "The fund has no seal yet" in told(sit(C).get(reverse("signatures")))
    page = told(sit(C).get(page_of(dossier, ONE)))
    assert "The fund has no seal yet" in page
    assert "The fund has no seal yet" in told(posted(sit(C), dossier, ONE, "seal"))
    (folder / f"{dossier.fund.number}.p12").write_bytes(authority.issue().p12())
    assert posted(sit(C), dossier, ONE, "seal").status_code == 302
    assert "Sealed by the fund" in told(sit(C).get(page_of(dossier, ONE)))
    assert listed(sit(C)) == (0, 0, 0)


def test_a_refusal_is_recorded_from_there(sit: Callable[[str], Client], dossier: Dossier) -> None:
    client = sit(D)
    page = told(client.get(page_of(dossier, ONE)))
    url = f"{reverse('act', args=[dossier.public_id, 'refuse-declaration'])}?subject={ONE}"
    assert url in page
    client.post(url, typed(dossier, on=ON, role="advisory_doctor", reason="Surgery comes first."))
    assert state(dossier) == "refused"
    page = told(client.get(page_of(dossier, ONE)))
    assert 'value="sign"' not in page


def test_how_much_the_pages_ask_of_the_database(
    sit: Callable[[str], Client], dossier: Dossier, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = sit(C)
    client.get(page_of(dossier, ONE))
    with django_assert_max_num_queries(24):  # type: ignore[attr-defined]  # a context manager
        client.get(reverse("signatures"))
    with django_assert_max_num_queries(60):  # type: ignore[attr-defined]
        client.get(page_of(dossier, ONE))


def test_a_declaration_that_fell_says_so_wherever_it_stands(
    sit: Callable[[str], Client], dossier: Dossier
) -> None:
    client = sit(C)
    client.get(page_of(dossier, ONE))  # its PDF is made
    with scope.funds(dossier.fund_id):
        document = signatures.kept(dossier, ONE)
    assert document is not None
    letters = reverse("dossier_letters", args=[dossier.public_id])
    letter = reverse("dossier_letter", args=[dossier.public_id, document.public_id])
    assert ">Counts<" in told(client.get(letters))
    assert "Send it" in told(client.get(letter))
    by = actors.of_user(User.objects.get(pk=client.session["_auth_user_id"]))
    with audit.acting_as(by, dossier.fund):
        void = fact("declaration_voided", date(2026, 6, 15), "vo-1", ONE)
        record_many([Entry(dossier.pk, void)], fund=dossier.fund, actor=by)
    assert "Does not count any more" in told(client.get(letters))
    page = told(client.get(letter))
    assert "Does not count any more" in page
    assert "Send it" not in page
    assert "This declaration does not count any more" in told(client.get(page_of(dossier, ONE)))
    assert "<title>Letters ·" in " ".join(told(client.get(letters)).split())
