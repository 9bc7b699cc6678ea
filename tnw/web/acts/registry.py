"""All acts, by the word in their address."""

from tnw.web.acts import contacts, corrections, questionnaire, route_a
from tnw.web.acts.act import Act

ACTS: dict[str, Act] = {
    act.slug: act for act in (*route_a.ACTS, *contacts.ACTS, *corrections.ACTS, *questionnaire.ACTS)
}
