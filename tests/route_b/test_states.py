"""Route B as a machine: every state × fact."""

from datetime import date, timedelta

import pytest

from dossiers import machines
from dossiers.law.facts import fact, in_order
from routing.models import RouteA, RouteB
from tests.machines import Named, Play

START = date(2026, 1, 5)
FACTS: Named = {
    "requested": ("contact_requested", "", {}),
    "sent": ("questionnaire_sent", "", {"channel": "post", "language": "nl"}),
    "incomplete": ("questionnaire_received", "", {"complete": False, "channel": "post"}),
    "complete": ("questionnaire_received", "", {"complete": True, "channel": "post"}),
    "contact_A": ("first_contact_held", "", {"route": "A", "form": "phone"}),
    "contact_B": ("first_contact_held", "", {"route": "B", "form": "phone"}),
    "contact_both": ("first_contact_held", "", {"form": "phone"}),
    "contact_again": ("contact_held", "", {"form": "phone"}),
    "to_physician": ("occupational_referral_made", "", {}),
    "visit_asks": ("pre_return_visit_held", "", {"outcome": "employer_traject"}),
    "visit_none": ("pre_return_visit_held", "", {"outcome": "no_employer_traject"}),
    "visit_resumes": ("pre_return_visit_held", "", {"outcome": "resumption"}),
    "visit_other": ("pre_return_visit_held", "", {"outcome": "other"}),
    "not_asked_for": ("employer_traject_declined", "", {}),
    "employer_ended": ("employer_traject_ended", "", {"decision": "A"}),
    "asked": ("permission_requested", "", {"aim": "training"}),
    "granted": ("permission_granted", "", {}),
    "refused": ("permission_refused", "", {}),
    "started_A": ("traject_started", "", {"route": "A"}),
    "started_B": ("traject_started", "", {"route": "B"}),
    "started_C": ("traject_started", "", {"route": "C"}),
    "closed_A": ("route_closed", "", {"route": "A", "reason": "declined"}),
    "closed_B": ("route_closed", "", {"route": "B", "reason": "declined"}),
}
MET = "requested contact_B"
WAYS = {
    "none": "",
    "requested": "requested",
    "sent": "requested sent",
    "received": "requested sent complete",
    "contacted": MET,
    "physician": f"{MET} to_physician",
    "asked": f"{MET} asked",
    "refused": f"{MET} asked refused",
    "granted": f"{MET} asked granted",
    "started": f"{MET} asked granted started_B",
    "closed": "requested closed_B",
}
SHORT = {
    "sent": "questionnaire_sent",
    "received": "questionnaire_received",
    "contacted": "contact_held",
    "physician": "with_occupational_physician",
    "asked": "permission_requested",
    "refused": "permission_refused",
    "granted": "permission_granted",
    "started": "traject_started",
}

# B1: at any moment, and once; again after it was over. B2: only a complete answer counts. B4: waits there, and comes
# back. B5: asked again after a new contact only. R1: what starts elsewhere takes its place.
TABLE = """
fact           none       requested sent      received  contacted physician asked   refused   granted started    closed
requested      +requested =         =         =         =         =         =       =         =       +requested +requested
sent           =          sent      =         =         =         =         =       =         =       =          =
incomplete     =          =         =         =         =         =         =       =         =       =          =
complete       =          received  received  =         =         =         =       =         =       =          =
contact_A      =          =         =         =         =         =         =       contacted =       =          =
contact_B      -          contacted contacted contacted =         =         =       contacted =       =          -
contact_both   =          contacted contacted contacted =         =         =       contacted =       =          =
contact_again  =          =         =         =         =         =         =       contacted =       =          =
to_physician   =          =         =         =         physician =         =       =         =       =          =
visit_asks     =          =         =         =         =         =         =       =         =       =          =
visit_none     =          =         =         =         =         contacted =       =         =       =          =
visit_resumes  =          =         =         =         =         contacted =       =         =       =          =
visit_other    =          =         =         =         =         contacted =       =         =       =          =
not_asked_for  =          =         =         =         =         contacted =       =         =       =          =
employer_ended =          =         =         =         =         contacted =       =         =       =          =
asked          -          -         -         -         asked     -         -       -         -       -          -
granted        -          -         -         -         -         -         granted -         -       -          -
refused        -          -         -         -         -         -         refused -         -       -          -
started_A      =          closed    closed    closed    closed    closed    closed  closed    closed  =          =
started_B      -          -         -         -         -         -         -       -         started -          -
started_C      =          closed    closed    closed    closed    closed    closed  closed    closed  =          =
closed_A       =          =         =         =         =         =         =       =         =       =          =
closed_B       -          closed    closed    closed    closed    closed    closed  closed    closed  -          -
"""
PLAY = Play(RouteB, FACTS, WAYS)


def test_b1_to_b5_r1_every_fact_in_every_state() -> None:
    assert PLAY.faults(TABLE, SHORT) == []
    assert PLAY.lacks(TABLE, SHORT) == set()


def test_b2_who_answered_before_is_not_asked_again() -> None:
    made, illegal = PLAY.folded("sent", "complete", "requested")
    assert ([one.state for one in made], illegal) == (["questionnaire_received"], ())
    made, _illegal = PLAY.folded("sent", "incomplete", "requested")
    assert made[0].state == "requested"


def test_b5_the_aim_is_that_of_the_latest_request() -> None:
    other = fact("permission_requested", START + timedelta(9), "f-9", aim="guidance")
    facts = PLAY.facts_of(*f"{MET} asked refused contact_again".split())
    made, illegal = machines.fold(RouteB, in_order((*facts, other)))
    assert illegal == ()
    assert [(one.state, one.aim) for one in made] == [("permission_requested", "guidance")]


def test_b1_one_after_the_other_each_with_its_own_end() -> None:
    made, illegal = PLAY.folded(*["requested", "closed_B", "requested", "started_A", "requested"])
    assert illegal == ()
    assert [(one.number, one.state, one.reason) for one in made] == [  # type: ignore[attr-defined]
        (1, "closed", "declined"),
        (2, "closed", "superseded"),
        (3, "requested", ""),
    ]


@pytest.mark.parametrize(
    ("way", "allows"),
    [
        ("", True),
        ("category_2", False),
        ("category_4", True),
        ("category_3 referral", True),
        ("category_2 asked granted", True),
        ("category_4 asked refused", False),
        ("asked refused", False),
        ("asked refused category_4", True),
        ("asked granted category_2", False),
    ],
)
def test_p5_health_is_what_the_doctor_found_last(way: str, allows: bool) -> None:
    told = {
        **FACTS,
        **{
            f"category_{number}": ("assessment_made", "", {"category": number})
            for number in (2, 3, 4)
        },
        "referral": ("referral_made", "", {}),
    }  # fmt: skip
    begun = fact(
        "incapacity_recognized", START, "f-0", start=START, regime="employee", cause="illness", contract=False
    )
    facts = Play(RouteA, told, {}).facts_of(*way.split())
    made = machines.fold(RouteA, (begun, *facts)).made
    assert made[0].health_allows is allows
