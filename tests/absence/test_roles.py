"""Who may do what on an absence, in every state it can be in (section 8): the policies as a table."""

from datetime import date

from dossiers.models import Dossier
from tests.absence.conftest import LEAD, Absent
from tests.route_a.stage import COORDINATOR, DOCTOR, MEDICAL, SYSTEM
from tests.tables import cells
from trajects.policies import absence as policies
from trajects.policies.contacts import may_excuse
from trajects.services import contacts

# C coordinator, D advisory doctor, M medical team, L team lead, S the system itself; nobody: `-`.
LETTERS = {"C": COORDINATOR, "D": DOCTOR, "M": MEDICAL, "L": LEAD, "S": SYSTEM}
TABLE = """
act       first recorded letter_sent proposed confirmed excused withdrawn
letter    CDS   CDS      CDS         -        -         -       -
propose   -     -        CDS         -        -         -       -
confirm   -     -        -           L        -         -       -
refuse    -     -        -           L        -         -       -
new_date  CDS   CDS      CDS         CDS      CDS       -       -
withdraw  CDLS  CDLS     CDLS        CDLS     LS        -       -
excuse    CS    CS       CS          CS       CS        -       CS
"""
POLICIES = {
    "letter": policies.may_send_letter,
    "propose": policies.may_propose,
    "confirm": policies.may_confirm,
    "refuse": policies.may_decide,
    "new_date": policies.may_ask_new_date,
    "withdraw": policies.may_withdraw,
}
FIRST, SECOND = date(2026, 4, 27), date(2026, 5, 11)


def test_x3_who_may_do_what_in_which_state(case: Absent) -> None:
    first = case.absent(FIRST)
    faults = found(case, first, "first")
    case.letter(first)
    second = case.absent(SECOND)
    for state, step in {
        "recorded": None,
        "letter_sent": case.letter,
        "proposed": case.propose,
        "confirmed": case.confirm,
        "excused": case.excuse,
    }.items():
        if step:
            step(second)
        faults += found(case, second, state)
    third = case.absent(SECOND.replace(day=25))
    case.take_back(third)
    faults += found(case, third, "withdrawn")
    assert faults == []


def found(case: Absent, subject: str, state: str) -> list[tuple[str, str, str, str]]:
    dossier = Dossier.objects.select_related("incapacity").get(pk=case.dossier.pk)
    wrong = []
    for act, column, letters in cells(TABLE):
        if column != state:
            continue
        may = "".join(letter for letter in LETTERS if allowed(case, dossier, act, subject, letter))
        if may != letters.strip("-"):
            wrong.append((act, state, letters, may))
    return wrong


def allowed(case: Absent, dossier: Dossier, act: str, subject: str, letter: str) -> bool:
    actor = case.people[LETTERS[letter]]
    if act == "excuse":
        return bool(may_excuse(actor, dossier, contacts.appointment_of(dossier, subject), case.day))
    verdict = POLICIES[act](actor, dossier, case.row(subject), case.day)
    assert verdict or str(verdict.reason), "what is refused says why"
    return bool(verdict)
