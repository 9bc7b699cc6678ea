"""The four ways most walked, coordinator and doctor in turn: each from where it begins to what comes of it."""

from datetime import date

from django.urls import reverse
from playwright.sync_api import expect

from dossiers.law.calendar import add_working_days
from dossiers.law.facts import Fact, fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Dossier
from tests.browser.conftest import Sit
from tests.browser.desk import Desk, days_ago, seed, written
from tests.browser.stage import Stage
from tnw.accounts import actors, audit
from tnw.accounts.models import Role
from tnw.core import clock
from tnw.web.demo.people import enterprise_number
from trajects.models import EngagementDeclaration
from trajects.models.adapted_work import AdaptedWorkState
from trajects.models.reintegration import ReintegrationState as Part
from trajects.models.training import TrainingState
from trajects.models.traject import TrajectState

NAME = "Oosterlinck"


def answered(since: int) -> list[Fact]:
    """The questionnaire, sent and back."""
    return [
        fact("questionnaire_sent", days_ago(since), "q-1", channel="post", language="nl"),
        fact("questionnaire_received", days_ago(since - 10), "q-2", channel="post", complete=True),
    ]


def running(route: str, since: int) -> list[Fact]:
    """A traject, of which the first contact was so many days ago."""
    before = (
        [
            fact("assessment_made", days_ago(since + 10), "a-1", category=4),
            fact("referral_made", days_ago(since + 5), "r-1"),
            fact("first_contact_held", days_ago(since), "c-1", route="A", form="in_person"),
        ]
        if route == "A"
        else [
            fact("contact_requested", days_ago(since + 5), "b-1"),
            fact("first_contact_held", days_ago(since), "c-1", route="B", form="in_person"),
            fact("permission_requested", days_ago(since), "b-2", aim="training"),
            fact("permission_granted", days_ago(since), "b-3"),
        ]
    )
    return [
        *before,
        fact("consent_given", days_ago(since), "cg-1", purpose="data_processing"),
        fact("first_step_chosen", days_ago(since), "fs-1", step="guidance"),
        fact("traject_started", days_ago(since), "ts-1", route=route),
    ]


def lacking(desk: Desk) -> int:
    return desk.page.locator("#saved .needs .is-open").count()


def writes_the_plan(desk: Desk) -> None:
    """On its own page, which names what is still missing as one types."""
    page = desk.page
    page.locator(f"main a[href*='{reverse('dossier_plan', args=[desk.dossier.public_id])}']").first.click()
    page.wait_for_url("**/plan")
    expect(page.locator("#saved .needs .is-open")).to_have_count(4)
    desk.fine()
    page.locator("[name='objective-0-text']").fill("Halftijds aan het werk")
    page.locator("[name='objective-0-target']").fill(written(add_working_days(clock.today(), 60)))
    page.locator("[name=result]").fill("Opnieuw boekhouder")
    expect(page.locator("#saved .needs .is-open")).to_have_count(2)
    page.locator("[name='action-0-text']").fill("Opfrissing van de software")
    page.locator("[name='action-0-who']").fill("de verzekerde")
    page.locator("[name='action-0-due']").fill(written(add_working_days(clock.today(), 30)))
    expect(page.locator("#saved .needs .is-open")).to_have_count(1)
    page.locator("[name='next-on']").fill(written(add_working_days(clock.today(), 20)))
    page.locator("[name='next-at']").fill("10:00")
    page.locator("[name='next-how']").select_option("phone")
    page.locator("form.plan [name=on]").fill(written(days_ago(10)))
    expect(page.locator("#saved .needs .is-open")).to_have_count(0)
    page.locator("button[name=do][value=agree]").click()
    page.wait_for_url("**/traject")


def signed_by_all(dossier: Dossier, day: date) -> None:
    """As history tells it: elsewhere, on paper."""
    with audit.acting_as(actors.system(), dossier.fund):
        subject = EngagementDeclaration.objects.get(dossier=dossier).subject
        signed = [
            fact("declaration_signed", day, f"ds-{role}", subject, role=role, method="paper")
            for role in ("insured", "coordinator", "advisory_doctor")
        ]
        facts = [*signed, fact("declaration_completed", day, "dc-1", subject)]
        entries = [Entry(dossier.pk, one) for one in facts]
        record_many(entries, fund=dossier.fund, actor=actors.system())


def test_route_a_from_the_first_contact_to_a_result(stage: Stage, sit: Sit) -> None:
    facts = [
        *answered(90),
        fact("assessment_made", days_ago(40), "a-1", category=4),
        fact("referral_made", days_ago(35), "r-1"),
    ]
    dossier = seed(stage, days_ago(160), facts, last_name=NAME)
    desk = sit(Role.COORDINATOR, dossier)

    # The first contact starts the traject, and the formal part begins under the one condition that holds (A6, Z1).
    desk.overview()
    desk.does(
        "first-contact", on=days_ago(30), how="phone", report="Wil graag beginnen.", role_explained=True,
        consent="given", first_step="guidance",
    )  # fmt: skip
    desk.tab()
    desk.opens("start-reintegration")
    assert desk.page.locator("[name=condition]:checked").get_attribute("value") == "1"
    assert desk.page.locator("[name=condition]:disabled").count() == 3
    desk.fills(on=days_ago(28), agreed=True)
    expect(desk.page.locator("#preview")).to_contain_text(desk.word(Part.AWAITING_SIGNATURES.label))
    desk.sends("The reintegration traject is started.")

    # The declaration: its text stands ready (Z2). Three sign it on its page, as tests/browser/test_signatures.py shows.
    desk.opens("draw-up-declaration")
    assert desk.page.locator("textarea[name=text]").input_value()
    desk.fills(on=days_ago(28))
    desk.sends()
    doctor = sit(Role.ADVISORY_DOCTOR, dossier)
    doctor.page.goto(reverse("decisions"))
    doctor.fine()
    expect(doctor.page.locator(f"main tbody a[href*='{dossier.public_id}/declaration/']")).to_have_count(1)
    signed_by_all(dossier, days_ago(25))
    doctor.page.reload()
    expect(doctor.page.locator(f"main tbody a[href*='{dossier.public_id}/declaration/']")).to_have_count(0)

    # The plan is written, agreed and reviewed in an interview (Z4 to Z6).
    desk.tab()
    writes_the_plan(desk)
    desk.state("Reintegration traject", Part.IN_REVIEW.label)
    desk.fine()
    desk.does(
        "review-plan", on=days_ago(5), done="De opleiding is bezig.", found="Het gaat vooruit.",
        interview="yes", how="phone", changes="no", next_day="", next_time="", next_how="",
    )  # fmt: skip
    desk.tab()
    desk.reads("De opleiding is bezig.")

    # Looked back on, and over with a result (Z8).
    desk.does("evaluate-plan", on=days_ago(2), evaluation="Het plan is uitgevoerd.")
    desk.tab()
    desk.does("end-traject", "The traject is ended.", on=days_ago(1), result="resumed_other_employer")
    desk.tab()
    over = desk.page.locator("section[aria-labelledby=over]")
    expect(over.locator("li.card").first).to_be_visible()
    expect(over).to_contain_text(written(days_ago(1)))
    desk.page.goto("/")
    desk.reads_not(NAME)


def test_route_b_refused_and_granted_for_another_aim(stage: Stage, sit: Sit) -> None:
    dossier = seed(stage, days_ago(50), answered(40), last_name=NAME)
    desk, doctor = sit(Role.COORDINATOR, dossier), sit(Role.ADVISORY_DOCTOR, dossier)
    desk.tab()
    desk.does("request-contact", on=days_ago(20), note="Belde over het vroegere werk.")
    desk.overview()
    desk.does(
        "first-contact-b", on=days_ago(18), how="in_person", report="Over het vroegere werk gesproken.",
        role_explained=True, consent="given",
    )  # fmt: skip
    desk.overview()
    desk.does("ask-permission", on=days_ago(17), aim="training", note="Wil bakker worden.")

    # Refused, in two texts: one for the file, one for the insured (B5).
    doctor.decides("decide-permission")
    doctor.fills(on=days_ago(16), decision="refused", reason="De rug houdt dat niet.")
    doctor.page.locator("form[data-draft] .btn-primary").click()
    expect(doctor.page.locator("#faults")).to_be_visible()
    doctor.fine()
    doctor.fills(for_insured="Vandaag nog niet.")
    doctor.decided("decide-permission")
    for name in ("traject", "history"):
        desk.tab(name)
        desk.reads("Vandaag nog niet.")
        desk.reads_not("De rug houdt dat niet.")
        doctor.tab(name)
        doctor.reads("De rug houdt dat niet.")

    # Discussed, and asked again with another aim.
    desk.tab("contacts")
    desk.does("hold-contact", on=days_ago(10), how="phone", report="De weigering besproken.")
    desk.overview()
    desk.does("ask-permission", on=days_ago(9), aim="guidance", note="Liever begeleiding.")
    doctor.decides("decide-permission")
    doctor.fills(on=days_ago(8), decision="granted")
    expect(doctor.page.locator("#preview .changes li").first).to_be_visible()
    doctor.decided("decide-permission")
    desk.tab()
    desk.state("Return-to-work traject", TrajectState.RUNNING.label)
    desk.fine()


def test_adapted_work_alone_from_the_plan_to_the_permission(stage: Stage, sit: Sit) -> None:
    dossier = seed(stage, days_ago(50), [], last_name=NAME)
    desk, doctor = sit(Role.COORDINATOR, dossier, "fr"), sit(Role.ADVISORY_DOCTOR, dossier)
    starts = add_working_days(clock.today(), 5)
    desk.tab()
    desk.does(
        "plan-adapted-work", on=days_ago(1), starts_on=starts, what="Mi-temps au magasin.", declared=True
    )
    doctor.decides("permit-adapted-work")
    doctor.reads(written(starts))
    doctor.fills(decision="permitted", hours="19,5", medical="Geen zware lasten.")
    doctor.fine()
    doctor.decided("permit-adapted-work")
    desk.tab()
    desk.state("Adapted work", AdaptedWorkState.PERMITTED.label)
    desk.reads(written(starts), "19,5", "Mi-temps au magasin.")
    desk.reads_not("Geen zware lasten.")
    desk.fine()


def test_a_training_from_the_proposal_to_the_decision(stage: Stage, sit: Sit) -> None:
    dossier = seed(stage, days_ago(120), [*answered(70), *running("B", 40)], last_name=NAME)
    desk, doctor = sit(Role.COORDINATOR, dossier), sit(Role.ADVISORY_DOCTOR, dossier)
    desk.tab()
    desk.does("propose-training", on=days_ago(20), proposed_by="insured", what="Lasser, in Gent.")
    doctor.decides("advise-training")
    doctor.reads("Lasser, in Gent.")
    doctor.fills(on=days_ago(18), favorable="yes", medical="De rug houdt dat.")
    doctor.decided("advise-training")
    desk.tab()
    desk.does("submit-training", on=days_ago(15))
    desk.tab()
    desk.does("training-review", on=days_ago(8), favorable="yes")
    desk.tab()
    first = add_working_days(clock.today(), 10)
    last = add_working_days(clock.today(), 80)
    desk.does("training-decision", on=days_ago(2), approved="yes", first_day=first, last_day=last)
    desk.tab()
    desk.state("Training", TrainingState.APPROVED.label)
    desk.reads("Lasser, in Gent.", written(first), written(last))
    desk.reads_not("De rug houdt dat.")
    desk.fine()


def test_a_traject_at_the_employer_suspends_the_formal_part(stage: Stage, sit: Sit) -> None:
    signed = [
        fact("reintegration_started", days_ago(50), "rs-1", condition=2),
        fact("declaration_drawn_up", days_ago(50), "dd-1", "d"),
        *(
            fact("declaration_signed", days_ago(48), f"ds-{role}", "d", role=role, method="paper")
            for role in ("insured", "coordinator", "advisory_doctor")
        ),
        fact("declaration_completed", days_ago(48), "dc-1", "d"),
    ]
    dossier = seed(
        stage, days_ago(180), [*answered(130), *running("A", 60), *signed],
        last_name=NAME, employment_contract="true", employer_number=enterprise_number(12_345),
    )  # fmt: skip
    desk = sit(Role.COORDINATOR, dossier)
    desk.tab()
    desk.does("refer-physician", on=days_ago(40), asks_for="visit", agreed=True)
    desk.tab()
    desk.does("record-visit", on=days_ago(35), outcome="employer_traject", note="De werktafel kan lager.")
    desk.tab()
    desk.does("start-employer-traject", on=days_ago(30), requested_by="employee")
    desk.tab()
    desk.state("Reintegration traject", Part.SUSPENDED.label)
    desk.reads(written(days_ago(30)), "De werktafel kan lager.")
    desk.fine()

    # Over: what was due is shown with the day to which it moves, before it is recorded and after it (Z7, T18).
    desk.opens("end-employer-traject")
    desk.fills(on=days_ago(10), decision="B")
    moved = desk.page.locator("#preview .changes li:has(s)")
    expect(moved.first).to_be_visible()
    until = moved.first.locator("b").last.inner_text()
    desk.fine()
    desk.sends()
    desk.tab()
    desk.state("Reintegration traject", Part.PLANNING.label)
    desk.overview()
    desk.reads(until)
