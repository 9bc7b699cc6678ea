"""Who hears of a declaration: that its text changed, that a signature is missing; never with a name."""

from collections.abc import Callable
from functools import partial

import pytest
from django.core import mail
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from dossiers.documents import dispatching, making
from dossiers.models import Dispatch, Document, InsuredPerson
from tests.reintegration.stage import DAY, MARCH, fails
from tests.route_a.stage import COORDINATOR, DOCTOR, MEDICAL
from tests.signing.stage import Signing
from tnw.accounts import audit
from tnw.accounts.models import User
from tnw.core import clock
from trajects import tasks
from trajects.services import signing

Drawn = Callable[..., Signing]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would wait for a worker is done on commit."""
    monkeypatch.setattr(tasks.mail_signer, "delay", tasks.mail_signer.run)


def _to() -> set[str]:
    return {address for message in mail.outbox for address in message.to}


def _email(one: Signing, who: str) -> str:
    user = one.part.people[who].user
    assert user is not None
    return user.email


def test_z2_another_text_is_told_to_all_three(
    drawn: Drawn, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    one = drawn(email="an@example.org")
    one.sign(DOCTOR, "insured")
    with django_capture_on_commit_callbacks(execute=True):
        again = one.change()
    assert _email(one, DOCTOR) in _to()
    assert _email(one, COORDINATOR) not in _to(), "who changes it knows"
    said = "".join(f"{message.subject} {message.body}" for message in mail.outbox)
    for private in ("Goossens", "declaration-", str(one.part.dossier.public_id), one.part.line["reference"]):
        assert private not in said
    letter = Document.objects.get(kind="declaration_changed")
    assert (letter.subject, again.letters) == (again.subject, [("declaration_changed", "email")])


def test_without_an_address_for_mail_the_letter_waits_for_the_post(one: Signing) -> None:
    one.sign(COORDINATOR)
    assert one.change().letters == [("declaration_changed", "post")]


def test_without_the_date_of_birth_that_opens_a_link_it_waits_for_the_post(drawn: Drawn) -> None:
    one = drawn(email="an@example.org")
    InsuredPerson.objects.update(birth_date=None)
    one.sign(COORDINATOR)
    assert one.change().letters == [("declaration_changed", "post")]


def test_nobody_hears_of_another_text_that_nobody_signed(
    one: Signing, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        one.change()
    assert (one.letters, mail.outbox) == ([], [])


def test_whoever_has_not_signed_is_reminded(
    one: Signing, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    User.objects.filter(actor=one.part.people["both"]).update(is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        one.remind(DOCTOR)
    assert _to() == {_email(one, DOCTOR)}
    fails("reminded_already", lambda: one.remind(DOCTOR))
    one.remind(COORDINATOR, by=DOCTOR)
    one.remind("insured", by=DOCTOR)
    fails("reminded_already", lambda: one.remind("insured"))
    one.on(MARCH + DAY).remind("insured")
    assert one.letters == [("signature_reminder", "post")] * 2


def test_a_reminder_that_failed_is_none(one: Signing, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_told: object, **_more: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(signing, "to_mail", breaks)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            one.remind(DOCTOR)
    one.remind(DOCTOR)


def test_only_who_has_not_signed_is_reminded_by_who_takes_part(one: Signing) -> None:
    fails("not_allowed", lambda: one.remind("insured", by=MEDICAL))
    fails("unknown_code", lambda: one.remind("employer"))
    one.sign("insured")
    fails("not_allowed", lambda: one.remind("insured"))


@pytest.mark.parametrize("language", ["nl", "fr", "de"])
def test_the_mail_is_in_the_language_of_who_reads_it(one: Signing, language: str) -> None:
    user = one.part.people[DOCTOR].user
    assert user is not None
    User.objects.filter(pk=user.pk).update(language=language)
    tasks.mail_signer.run(user.pk, "reminded")
    (message,) = mail.outbox
    assert message.body.strip().startswith({"nl": "Dag", "fr": "Bonjour", "de": "Guten Tag"}[language])


def test_who_left_gets_no_mail(one: Signing) -> None:
    user = one.part.people[DOCTOR].user
    assert user is not None
    User.objects.filter(pk=user.pk).update(is_active=False)
    tasks.mail_signer.run(user.pk, "changed")
    assert mail.outbox == []


# --- What does not count any more is not sent as if it did


def _send(one: Signing, document: Document, channel: str) -> Dispatch:
    actor = one.part.people[COORDINATOR]
    with audit.acting_as(actor, one.part.fund), clock.at(one.part.day, hour=18):
        return dispatching.prepare(
            document_id=document.public_id, actor=actor, on=one.part.day, channel=channel
        )


@pytest.mark.parametrize("end", ["changed", "refused", "lapsed"])
def test_a_declaration_that_fell_is_not_sent_any_more(one: Signing, end: str) -> None:
    document, way = one.document, _send(one, one.document, "post")
    match end:
        case "changed":
            again = one.change()
            assert _send(again, again.document, "handed_over").state == "sent"
        case "refused":
            one.part.refuse(one.subject, "insured")
        case _:
            one.part.end_part(evaluation="Looked back.")
    fails("not_allowed", lambda: _send(one, document, "handed_over"))
    actor = one.part.people[COORDINATOR]
    with audit.acting_as(actor, one.part.fund), clock.at(one.part.day, hour=18):
        on = one.part.day
        fails("not_allowed", lambda: dispatching.confirm(dispatch_id=way.public_id, actor=actor, on=on))
    way.refresh_from_db()
    assert way.state == "waiting"


def test_the_same_letter_waits_once(one: Signing) -> None:
    told = {"kind": signing.REMINDER, "subject": one.subject}
    first, again = (one.part.act(making.write, COORDINATOR, **told) for _ in range(2))
    _send(one, first, "post")
    for channel in ("post", "handed_over"):
        fails("same_waits", partial(_send, one, again, channel))
    Dispatch.objects.filter(document=first).update(state="withdrawn")
    assert _send(one, again, "post").state == "waiting"
