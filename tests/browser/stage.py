"""What stands on the stage of browser tests and screenshots: a fund, somebody of every role, dossiers in every state."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.urls import reverse

from dossiers.funds import open_fund
from dossiers.law.facts import Fact, Values, fact
from dossiers.models import Dossier, ImportRun
from tests import population
from tests.conftest import LETTERHEAD, PASSWORD
from tnw.accounts import access, actors, audit
from tnw.accounts.models import Fund, Role, Team, TeamArea, User
from tnw.accounts.services import create_user, remember
from tnw.core import clock
from tnw.web.help import first_day

# Their first day is over; the others still see it on the home page.
WORKED_HERE_BEFORE = (Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.TEAM_LEAD)


@dataclass
class Stage:
    """Where to look, and as whom."""

    people: dict[str, User] = field(default_factory=dict)
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    run: ImportRun | None = None

    def pages(self) -> list[tuple[str, str, str]]:
        """Name, role and address of every page; no role for those before the sign-in."""
        assert self.run
        dossiers = [
            (f"dossier-{name}", Role.COORDINATOR, reverse("dossier", args=[dossier.public_id]))
            for name, dossier in self.dossiers.items()
        ]
        return [
            ("sign-in", "", reverse("account_login")),
            ("password-forgotten", "", reverse("account_reset_password")),
            ("link-sent", "", reverse("account_reset_password_done")),
            *[(f"home-{role}", role, reverse("home")) for role in Role.values],
            *dossiers,
            (
                "assessment",
                Role.ADVISORY_DOCTOR,
                reverse("assess", args=[self.dossiers["running"].public_id]),
            ),
            ("agenda", Role.COORDINATOR, reverse("agenda")),
            ("agenda-month", Role.COORDINATOR, f"{reverse('agenda')}?view=month"),
            ("calendar-feed", Role.COORDINATOR, reverse("calendar_feed")),
            ("search", Role.COORDINATOR, reverse("search")),
            ("rules", Role.COORDINATOR, reverse("rules")),
            ("help", Role.COORDINATOR, reverse("help")),
            ("help-words", Role.COORDINATOR, reverse("help_words")),
            ("help-states", Role.COORDINATOR, reverse("help_states")),
            ("help-roles", Role.COORDINATOR, reverse("help_roles")),
            ("help-keys", Role.COORDINATOR, reverse("help_keys")),
            ("components", Role.COORDINATOR, reverse("components")),
            ("profile", Role.COORDINATOR, reverse("profile")),
            ("second-factor", Role.COORDINATOR, reverse("mfa_index")),
            ("confirm", Role.COORDINATOR, reverse("confirm")),
            ("signatures", Role.COORDINATOR, reverse("signatures")),
            ("password", Role.COORDINATOR, reverse("account_change_password")),
            ("no-access", Role.COORDINATOR, reverse("imports")),
            ("not-found", Role.COORDINATOR, "/nothing-here"),
            ("unassigned", Role.TEAM_LEAD, reverse("unassigned")),
            ("team", Role.TEAM_LEAD, reverse("team")),
            ("silent", Role.TEAM_LEAD, reverse("silent")),
            ("deputies", Role.TEAM_LEAD, reverse("deputies")),
            ("reassign", Role.COORDINATOR, reverse("reassign")),
            ("worklist-filtered", Role.TEAM_LEAD, f"{reverse('home')}?bucket=overdue&route=incapacity"),
            ("imports", Role.ADMINISTRATOR, reverse("imports")),
            ("import", Role.ADMINISTRATOR, reverse("import_run", args=[self.run.public_id])),
            ("administration", Role.ADMINISTRATOR, reverse("admin:index")),
            ("access-log", Role.PRIVACY_OFFICER, reverse("access_log")),
        ]


def set_up(number: str = "311") -> Stage:
    """Make all of it through the real doors."""
    command = actors.system(actors.COMMAND)
    fund = open_fund(
        number=number,
        institution="300",
        name="Ziekenfonds Noord",
        live_from=date(2022, 1, 1),
        actor=command,
    )
    Fund.objects.filter(pk=fund.pk).update(**LETTERHEAD)
    stage = Stage()
    with audit.acting_as(command, fund):
        team = Team.objects.create(fund=fund, name="Gent", languages=["nl", "fr"])
        TeamArea.objects.create(team=team, first="9000", last="9999")
    for role in Role.values:
        stage.people[role] = create_user(
            fund=fund,
            email=f"{role}@fund{number}.example",
            name=str(Role(role).label),
            roles=[role],
            password=PASSWORD,
            actor=command,
            languages=["nl"],
            language="nl",
            team=team,
        )
        if role in WORKED_HERE_BEFORE:
            remember(user=stage.people[role], name=first_day.CHOICE, value=first_day.HIDDEN)
    today = clock.today()
    for name, (start, facts, columns) in _cases(today).items():
        stage.dossiers[name] = population.dossier(fund=fund, start=start, facts=facts, **columns)  # type: ignore[arg-type]
    unassigned = population.line(
        fund=number, start=today - timedelta(30), language="fr", postal_code="4000", city="Liège"
    )
    wrong = population.line(fund=number, start="2026-31-12", end_reason="unknown")
    population.take_in(fund, [unassigned, wrong], today)
    feed = actors.system(actors.FEED)
    with audit.acting_as(feed, fund):
        stage.run = ImportRun.objects.filter(fund=fund).order_by("-pk").first()
        dossier = stage.dossiers["running"]
        actor = actors.of_user(stage.people[Role.COORDINATOR])
        access.log(actor=actor, fund_id=fund.pk, dossier_id=dossier.pk, through="page")
    return stage


def _cases(today: date) -> dict[str, tuple[date, list[Fact], dict[str, object]]]:
    start = today - timedelta(250)

    def on(days: int) -> date:
        return start + timedelta(days)

    running = [
        fact("questionnaire_sent", on(70), "q-1", channel="post", language="nl"),
        fact("questionnaire_received", on(80), "q-2", channel="post", complete=True),
        fact("medical_contact_held", on(100), "m-1", form="in_person"),
        fact("assessment_made", on(100), "a-1", category=4),
        fact("referral_made", on(103), "r-1"),
        fact("first_contact_held", on(130), "c-1", route="A", form="in_person"),
        fact("consent_given", on(130), "cg-1", purpose="data_processing"),
        fact("traject_started", on(131), "ts-1", route="A"),
        fact("reintegration_started", on(131), "rs-1", condition=1),
        fact("declaration_drawn_up", on(131), "dd-1", "d-1"),
        fact("declaration_signed", on(132), "ds-1", "d-1", role="insured", method="paper"),
        fact("declaration_signed", on(133), "ds-2", "d-1", role="coordinator", method="application"),
        fact("declaration_signed", on(134), "ds-3", "d-1", role="advisory_doctor", method="application"),
        fact("declaration_completed", on(135), "dc-1", "d-1"),
        fact("plan_meeting_held", on(150), "pm-1"),
        fact("plan_agreed", on(160), "pa-1", version=1),
        fact("traject_suspended", on(170), "su-1", "s-1", reason="illness"),
        fact("traject_resumed", on(180), "re-1", "s-1"),
        fact("fact_corrected", on(181), "fc-1", fact="pa-1", version=1, to=Values.of({"on": on(155)})),
        fact("traject_suspended", on(245), "su-2", "s-2", reason="employer_traject"),
    ]
    names: dict[str, object] = {"last_name": "Van Hée", "first_name": "Zoë"}
    return {
        "running": (start, running, names),
        "new": (today - timedelta(67), [], {"last_name": "Goossens", "first_name": "Pieter"}),
        "excluded": (today - timedelta(40), [], {"cause": "work_accident"}),
        "ended": (today - timedelta(200), [], {"end": today - timedelta(20), "end_reason": "resumed"}),
        "invalid": (today - timedelta(400), [], {"regime": "self_employed"}),
    }
