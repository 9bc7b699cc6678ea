"""The pages of an absence: the card, each act from it, the scan in and out, and the lead's confirmation."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import Fact, fact
from dossiers.models import Dossier, Scan
from tests.web.cases import REFERRED, STATES, TODAY, address, appointment, kinds, typed
from tests.web.conftest import browse, stand, static_files_from_their_sources  # noqa: F401
from tnw.accounts.models import AccessLog, Role
from tnw.core import clock, scope
from trajects.models import AbsenceProcedure

Browse = Callable[..., Client]
Stand = Callable[..., Dossier]
DAY = timedelta(1)
ONE, TWO = "0190a000-0000-7000-8000-00000000000a", "0190a000-0000-7000-8000-00000000000b"
C, D, M, L = Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD
PDF = b"%PDF-1.7 proof"


def missed(subject: str, on: date) -> list[Fact]:
    made = appointment(on, "first_contact", made=REFERRED.on)
    return [
        made._replace(id=f"made-{subject}", subject=subject),
        fact("absence_recorded", on, f"absent-{subject}", subject, purpose="first_contact"),
    ]


TWICE = [*STATES["referred"], *missed(ONE, date(2026, 6, 4)), *missed(TWO, date(2026, 6, 11))]


def state(dossier: Dossier, subject: str) -> str:
    with scope.funds(dossier.fund_id):
        return AbsenceProcedure.objects.get(dossier=dossier, subject=subject).state


def post(client: Client, dossier: Dossier, act: str, subject: str, **told: Any) -> Any:
    return client.post(address(dossier, act, subject), typed(dossier, **{"on": "15/06/2026", **told}))


def overview(client: Client, dossier: Dossier) -> Any:
    answer = client.get(reverse("dossier", args=[dossier.public_id]))
    now = answer.context["now"]
    return [one.title for one in ([now.next] if now.next else []) + now.mine]


@pytest.mark.usefixtures("static_files_from_their_sources")
def test_x1_x2_x3_with_the_mouse_from_the_letter_to_the_confirmation(browse: Browse, stand: Stand) -> None:  # noqa: F811
    dossier = stand(TWICE)
    tab = reverse("dossier_traject", args=[dossier.public_id])
    client = browse(C)
    assert "Record the registered letter after an absence" in overview(client, dossier)
    page = client.get(address(dossier, "absence-letter", ONE)).content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert 'hx-params="not scan"' in page
    assert "Step: first absence" in page
    # The number is needed; a file that is no scan is refused at its field; the preview does without it.
    assert b"This field is required" in post(client, dossier, "absence-letter", ONE).content
    wrong = SimpleUploadedFile("x.pdf", b"<script>")
    answer = post(client, dossier, "absence-letter", ONE, proof="RR 1", scan=wrong)
    assert answer.status_code == 200
    assert "scan" in answer.context["form"].errors
    assert "has to be chosen again" in answer.content.decode()
    tried = client.post(
        address(dossier, "absence-letter", ONE),
        typed(dossier, on="15/06/2026", proof="RR 1", preview="1"),
        headers={"HX-Request": "true"},
    )
    assert tried.context["preview"].states == ["Absence procedure goes to: Registered letter sent."]
    assert state(dossier, ONE) == "recorded"
    right = SimpleUploadedFile("bewijs.pdf", PDF)
    sent = {"on": "05/06/2026", "proof": "RR 1", "scan": right}
    assert post(client, dossier, "absence-letter", ONE, **sent).status_code == 302
    # X3: no proposal without the letter of this step.
    assert client.get(address(dossier, "absence-propose", TWO)).status_code == 403
    assert post(client, dossier, "absence-letter", TWO, proof="RR 2").status_code == 302
    page = client.get(address(dossier, "absence-propose", TWO)).content.decode()
    assert "second absence: from 11/06/2026, its end is not known yet, 10 % of the daily benefit." in page
    assert "Nothing is paid or reduced by this application" in page
    assert post(client, dossier, "absence-propose", TWO, note="").status_code == 302
    assert client.get(address(dossier, "absence-confirm", TWO)).status_code == 403
    page = client.get(tab).content.decode()
    for told in ("RR 1", "RR 2", "bewijs.pdf", "10 % of the daily benefit", "Nothing is paid or reduced"):
        assert told in page, told
    client = browse(L)
    assert overview(client, dossier) == ["Confirm the reduction of the benefit"]
    assert (
        "10 % of the daily benefit" in client.get(address(dossier, "absence-confirm", TWO)).content.decode()
    )
    assert "seen_by_me" in post(client, dossier, "absence-confirm", TWO).context["form"].errors
    assert post(client, dossier, "absence-confirm", TWO, seen_by_me="on").status_code == 302
    assert state(dossier, TWO) == "reduction_confirmed"
    client = browse(C)
    assert post(client, dossier, "absence-new-date", TWO, note="").status_code == 302
    page = client.get(tab).content.decode()
    assert "from 11/06/2026 up to and including 15/06/2026" in page
    # The first is excused: what was confirmed is no longer right, and the lead is told to withdraw it.
    assert post(client, dossier, "excuse", ONE, note="Strike.").status_code == 302
    assert "it has to be withdrawn" in client.get(tab).content.decode()
    client = browse(L)
    assert overview(client, dossier) == ["Withdraw what follows on the absence"]
    assert post(client, dossier, "absence-withdraw", TWO, note="Excused.").status_code == 302
    assert state(dossier, TWO) == "withdrawn"
    assert client.get(tab).status_code == 200
    assert kinds(dossier)[-1] == "absence_withdrawn"


@pytest.mark.usefixtures("static_files_from_their_sources")
def test_x3_not_confirmed_says_when_and_why(browse: Browse, stand: Stand) -> None:  # noqa: F811
    """And a letter that is recorded is not asked for again."""
    dossier = stand(TWICE)
    tab = reverse("dossier_traject", args=[dossier.public_id])
    client = browse(C)
    letter = f"/do/absence-letter?subject={ONE}"
    assert letter in client.get(tab).content.decode()
    for subject, on in ((ONE, "05/06/2026"), (TWO, "15/06/2026")):
        post(client, dossier, "absence-letter", subject, on=on, proof=f"RR {subject}")
    page = client.get(tab).content.decode()
    assert letter not in page
    assert "Reduction not confirmed on" not in page
    post(client, dossier, "absence-propose", TWO, note="")
    post(browse(L), dossier, "absence-refuse", TWO, note="She was in hospital.")
    for _again in range(2):
        page = browse(C).get(tab).content.decode()
        assert "Reduction not confirmed on" in page
        assert page.count("15/06/2026: She was in hospital.") == 1
        with clock.at(TODAY + DAY):
            told = typed(dossier, on="16/06/2026", note="")
            browse(C).post(address(dossier, "absence-propose", TWO), told)


@pytest.mark.usefixtures("static_files_from_their_sources")
def test_x3_a_scan_is_handed_over_as_a_file_and_logged(
    browse: Browse,  # noqa: F811
    stand: Stand,  # noqa: F811
    other_fund: Any,
) -> None:
    dossier, other = stand(TWICE), stand("referred")
    client = browse(C)
    post(client, dossier, "absence-letter", ONE, proof="RR 1", scan=SimpleUploadedFile("bewijs é.pdf", PDF))
    with scope.funds(dossier.fund_id):
        scan = Scan.objects.get(dossier=dossier)
        before = AccessLog.objects.filter(through="scan").count()
    url = reverse("dossier_scan", args=[dossier.public_id, scan.public_id])
    for role in (C, D, M, L):
        answer = browse(role).get(url)
        assert (answer.status_code, answer.content) == (200, PDF)
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "application/pdf")
    assert "no-store" in answer["Cache-Control"]
    with scope.funds(dossier.fund_id):
        assert AccessLog.objects.filter(through="scan").count() == before + 4
    client = browse(C)
    # Of another dossier, or none: it does not exist.
    assert client.get(reverse("dossier_scan", args=[other.public_id, scan.public_id])).status_code == 404
    assert client.get(reverse("dossier_scan", args=[dossier.public_id, ONE])).status_code == 404
    assert browse(Role.PRIVACY_OFFICER).get(url).status_code == 403
    client = browse(C)
    post(client, dossier, "correction", scan.fact, reason="mistake")
    assert state(dossier, ONE) == "recorded"
    assert client.get(url).content == PDF


@pytest.mark.usefixtures("static_files_from_their_sources")
def test_x3_the_acts_of_an_absence_that_is_not_there(browse: Browse, stand: Stand) -> None:  # noqa: F811
    dossier = stand(TWICE)
    client = browse(C)
    for act in ("letter", "propose", "confirm", "refuse", "new-date", "withdraw"):
        assert client.get(address(dossier, f"absence-{act}")).status_code == 404
        assert client.get(address(dossier, f"absence-{act}", "nothing")).status_code == 404
    assert date(2026, 6, 15) == TODAY
