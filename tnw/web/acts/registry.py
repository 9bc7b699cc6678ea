"""All acts, by the word in their address."""

from tnw.web.acts import (
    absence,
    actions,
    adapted_work,
    appointments,
    consents,
    contacts,
    corrections,
    declaration,
    employer,
    partner,
    plan,
    questionnaire,
    reintegration,
    route_a,
    route_b,
    route_c,
    training,
    traject,
)
from tnw.web.acts.act import Act

ACTS: dict[str, Act] = {
    act.slug: act
    for act in (
        *route_a.ACTS,
        *route_b.ACTS,
        *route_c.ACTS,
        *appointments.ACTS,
        *contacts.ACTS,
        *consents.ACTS,
        *employer.ACTS,
        *partner.ACTS,
        *plan.ACTS,
        *actions.ACTS,
        *corrections.ACTS,
        *declaration.ACTS,
        *reintegration.ACTS,
        *traject.ACTS,
        *absence.ACTS,
        *questionnaire.ACTS,
        *adapted_work.ACTS,
        *training.ACTS,
    )
}
