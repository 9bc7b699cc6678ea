"""Trainings on the pages: each act with its form, what now, and the card."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from dossiers.law.facts import fact
from dossiers.models import Dossier
from tests.web.cases import STATES, address, kinds, typed
from tnw.accounts.models import Role
from tnw.core import clock, scope
from trajects.models import TrainingProject

Browse = Callable[..., Client]
Stand = Callable[..., Dossier]
C, D = Role.COORDINATOR, Role.ADVISORY_DOCTOR


def row(dossier: Dossier) -> TrainingProject:
    with scope.funds(dossier.fund_id):
        return TrainingProject.objects.get(dossier=dossier)


def overview(client: Client, dossier: Dossier) -> Any:
    return client.get(reverse("dossier", args=[dossier.public_id]))


def done(client: Client, dossier: Dossier, act: str, subject: str, **data: str) -> None:
    answer = client.post(address(dossier, act, subject), typed(dossier, **data))
    assert answer.status_code == 302, answer.context["form"].errors


def test_h1_h2_h3_a_training_with_the_mouse(browse: Browse, stand: Stand) -> None:
    """Each form takes what belongs to its step; the doctor reads what was proposed, the coordinator no medical reason."""
    dossier = stand("started")
    said = {"proposed_by": "insured", "what": "Welder <b>in Gent</b>"}
    done(browse(C), dossier, "propose-training", "", on="15/06/2026", **said)
    subject = row(dossier).subject
    doctor = browse(D)
    assert overview(doctor, dossier).context["now"].next.title == "Give advice on the training"
    asked = doctor.get(address(dossier, "advise-training", subject)).content.decode()
    assert "Welder &lt;b&gt;in Gent&lt;/b&gt;" in asked
    texts = {"medical": "No objection.", "insured": ""}
    done(doctor, dossier, "advise-training", subject, on="15/06/2026", favorable="yes", **texts)
    coordinator = browse(C)
    assert overview(coordinator, dossier).context["now"].next.title == "Submit the training to RIZIV"
    days = {"first_day": "22/06/2026", "last_day": "30/06/2026"}
    with clock.at(date(2026, 7, 1)):
        done(coordinator, dossier, "submit-training", subject, on="16/06/2026")
        done(coordinator, dossier, "training-review", subject, on="17/06/2026", favorable="yes")
        done(coordinator, dossier, "training-decision", subject, on="18/06/2026", approved="yes", **days)
        tab = reverse("dossier_traject", args=[dossier.public_id])
        letter = "Record the registered letter on the training"
        assert letter in coordinator.get(tab).content.decode()  # of an approval where the fund wants it
        now = overview(coordinator, dossier).context["now"]
        assert "The outcome of the training that ended on 30/06/2026." in now.missing
        form = coordinator.get(address(dossier, "complete-training", subject)).context["form"]
        assert form.initial["on"] == date(2026, 6, 30)
        done(coordinator, dossier, "complete-training", subject, on="30/06/2026", success="yes")
        page = coordinator.get(tab).content.decode()
    assert row(dossier).state == "completed"
    assert letter not in page
    assert "Welder" in page
    assert "No objection." not in page


PROPOSED = date(2026, 6, 9)
REFUSED = [
    *STATES["started"],
    fact("training_proposed", PROPOSED, "tp", "a", proposed_by="insured"),
    fact("training_advised", date(2026, 6, 10), "ta", "a", favorable=True),
    fact("training_submitted", date(2026, 6, 11), "ts", "a"),
    fact("training_reviewed", date(2026, 6, 12), "tr", "a", favorable=False),
    fact("training_decided", date(2026, 6, 13), "td", "a", approved=False),
]


def test_h2_a_refusal_without_its_letter_is_missing(browse: Browse, stand: Stand) -> None:
    dossier = stand(REFUSED)
    client = browse(C)
    now = overview(client, dossier).context["now"]
    sentence = "The registered letter of the refusal of the training, decided on 13/06/2026."
    assert sentence in now.missing
    assert now.next.title == "Record the registered letter on the training"
    page = client.get(reverse("dossier_traject", args=[dossier.public_id])).content.decode()
    assert "missing" in page
    done(client, dossier, "training-letter", "a", on="15/06/2026", proof="RR 123")
    assert sentence not in overview(client, dossier).context["now"].missing
    assert kinds(dossier)[-1] == "registered_letter_sent"
    history = client.get(reverse("dossier_history", args=[dossier.public_id])).content.decode()
    assert "RR 123" in history
    assert "decision on a training" in history


def test_h1_who_finds_which_act(browse: Browse, stand: Stand) -> None:
    dossier = stand(REFUSED[:-4])
    may = {"advise-training": {D}, "break-off-training": {C}}
    acts = ("advise-training", "submit-training", "training-review", "training-decision", "training-letter",
            "complete-training", "break-off-training")  # fmt: skip
    for role in (C, D):
        client = browse(role)
        for act in acts:
            answer = client.get(address(dossier, act, "a"))
            assert answer.status_code == (200 if role in may.get(act, set()) else 403), (role, act)
        assert client.get(address(dossier, "advise-training", "b")).status_code == 404
        propose = client.get(address(dossier, "propose-training"))
        assert propose.status_code == (200 if role == C else 403)


def test_h1_the_wrong_form_is_refused_at_its_field(browse: Browse, stand: Stand) -> None:
    dossier = stand(REFUSED[:-1])
    client = browse(C)
    url = address(dossier, "training-decision", "a")
    for data, field in (
        ({"approved": "yes"}, "first_day"),
        ({"approved": "yes", "first_day": "22/06/2026", "last_day": "21/06/2026"}, "last_day"),
        ({"approved": "no", "first_day": "22/06/2026"}, "first_day"),
        ({}, "approved"),
    ):
        answer = client.post(url, typed(dossier, on="15/06/2026", **data))
        assert list(answer.context["form"].errors) == [field]
    # The preview is the act itself, undone.
    tried = typed(dossier, on="15/06/2026", approved="no", preview="1")
    assert "Training goes to: Refused." in client.post(url, tried).content.decode()
    assert row(dossier).state == "reviewed"
