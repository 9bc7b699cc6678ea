"""Every kind that is written by hand is offered in its dossier, asks what it needs, and is shown before it is kept."""

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.documents.kinds import kinds
from tests.letters.stage import Stage, kind_and_scene
from tnw.core import clock
from tnw.web.letter_forms import SAID

BY_HAND = sorted(slug for slug, kind in kinds().items() if kind.by_hand)


@pytest.mark.parametrize("slug", BY_HAND)
def test_is_written_on_its_page(slug: str, stage: Stage, client: Client) -> None:
    _kind, scene = kind_and_scene(slug, stage)
    user = stage.people[scene.by].user
    assert user is not None
    client.force_login(user)
    with clock.at(stage.day):
        tab = client.get(reverse("dossier_letters", args=[stage.dossier.public_id])).content.decode()
        url = reverse("dossier_letter_write", args=[stage.dossier.public_id, slug])
        assert f'href="{url}"' in tab
        page = client.get(f"{url}?subject={scene.subject}")
        form = page.context["form"]
        assert set(scene.said) <= {name.removeprefix(SAID) for name in form.fields}
        said = {name if name == "address" else SAID + name: text for name, text in scene.said.items()}
        asked = {**said, "subject": scene.subject, "preview": "1"}
        shown = client.post(url, asked, headers={"HX-Request": "true"}).content.decode()
        assert "data:image/png;base64," in shown
        # One way at least leads somewhere.
        assert any(code not in form.fields["channel"].shut for code, _label in form.fields["channel"].choices)
