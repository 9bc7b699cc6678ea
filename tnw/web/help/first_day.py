"""A short first day for each role: a few steps, each leading to a real place."""

from collections.abc import Iterable
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tnw.accounts.models import Role, User

# Under this name `User.choices` remembers that somebody hid it.
CHOICE, HIDDEN = "first_day", "hidden"

Word = str | Promise


class Step(NamedTuple):
    """What to do first, where, and why."""

    title: Word
    text: Word
    route: str

    @property
    def url(self) -> str:
        return reverse(self.route)


class Day(NamedTuple):
    """The first day of one role."""

    role: Word
    steps: tuple[Step, ...]


_DEPUTY = Step(
    _("Arrange who stands in for you"),
    _("During leave or illness your work then appears in the worklist of a colleague too."),
    "deputies",
)
_STATES = Step(
    _("Learn the states and the two dates"),
    _("Overdue, today, this week: what they mean, and why a list is sorted by the last working day."),
    "help_states",
)
_RIGHTS = Step(
    _("See who may see what"),
    _("A page that is not yours says so. Who opens a dossier is logged."),
    "help_roles",
)

STEPS: dict[str, tuple[Step, ...]] = {
    Role.COORDINATOR: (
        _STATES,
        Step(
            _("Open a dossier"),
            _(
                "Open it from the worklist on Home, or search by name, SSIN or number. At the top stands what has to be "
                "done now, with one button; every date says why it falls there."
            ),
            "search",
        ),
        Step(
            _("Look at what waits for your signature"),
            _(
                "An engagement declaration is drawn up in the dossier: start the reintegration traject there, on the tab "
                "Traject. It is read, and signed once you have confirmed who you are."
            ),
            "signatures",
        ),
        Step(
            _("Plan a contact in the agenda"),
            _(
                "From a dossier you choose a free moment there and confirm it; move it later with the mouse, by keys or "
                "by a link."
            ),
            "agenda",
        ),
        _DEPUTY,
    ),
    Role.ADVISORY_DOCTOR: (
        Step(
            _("Open the first assessment"),
            _(
                "What is known stands on the left, your decision on the right. Keys 1 to 4 choose a category; the next "
                "dossier opens by itself."
            ),
            "assessments",
        ),
        Step(
            _("Look at the decisions that wait for you"),
            _("Permissions, advice on trainings, adapted work and declarations, the most urgent first."),
            "decisions",
        ),
        Step(
            _("Set up a second factor"),
            _("An app or a passkey, besides your password: your fund may ask for it before you sign."),
            "mfa_index",
        ),
        _DEPUTY,
    ),
    Role.MEDICAL_TEAM: (
        Step(
            _("Open the first assessment"),
            _(
                "What is known stands on the left, your decision on the right. Keys 1 to 4 choose a category; the next "
                "dossier opens by itself."
            ),
            "assessments",
        ),
        Step(
            _("Send the questionnaires that have to be posted"),
            _("Print them, put them in the post, and say on which day they went."),
            "questionnaires_to_post",
        ),
        _RIGHTS,
    ),
    Role.TEAM_LEAD: (
        Step(
            _("See how the work of your team stands"),
            _("Per coordinator what is overdue and due this week; from there you reassign dossiers."),
            "team",
        ),
        Step(
            _("Assign what has no coordinator"),
            _("A dossier comes there when no team serves its postal code or its language."),
            "unassigned",
        ),
        Step(
            _("Look for silent dossiers"),
            _("They are under way, but nothing is due and no contact is planned."),
            "silent",
        ),
        Step(
            _("Read the figures"),
            _(
                "Per quarter what came in, what was in time and what came of it; each number opens the list behind it."
            ),
            "figures",
        ),
        _DEPUTY,
    ),
    Role.PRIVACY_OFFICER: (
        Step(
            _("Read the access log"),
            _("Who opened which dossier, when and how. Filter it by person, by dossier or by day."),
            "access_log",
        ),
        _RIGHTS,
        Step(
            _("Verify a document"),
            _("Whether a PDF is unchanged, which fund sealed it and which roles signed."),
            "verify",
        ),
    ),
    Role.ADMINISTRATOR: (
        Step(
            _("Add users, teams and their postal codes"),
            _(
                "A new dossier goes to the team of its postal code, and there to a coordinator who works in its language."
            ),
            "admin:index",
        ),
        Step(
            _("Import the file of recognized incapacities"),
            _("Refused lines are listed with their reason; the person is never shown to you."),
            "imports",
        ),
        _RIGHTS,
    ),
}


def days(roles: Iterable[str]) -> list[Day]:
    """The first day of each of these roles, no step twice."""
    seen: set[str] = set()
    found = []
    for role in (role for role in STEPS if role in set(roles)):
        steps = tuple(step for step in STEPS[role] if step.route not in seen)
        seen |= {step.route for step in steps}
        found.append(Day(Role(role).label, steps))
    return found


def hidden(user: User) -> bool:
    """Whether this person has read it and put it away."""
    return user.choices.get(CHOICE) == HIDDEN
