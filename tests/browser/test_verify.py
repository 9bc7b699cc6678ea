"""Somebody without an account verifies a PDF: by mouse or by keyboard alone, on a phone, in Dutch and in French."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Page, expect

from dossiers.documents import sealing
from dossiers.models import Document, reference_of
from tests.browser.axe import violations
from tests.browser.stage import Stage
from tests.browser.test_pages import in_language, wider_than_the_window
from tests.seal.conftest import TODAY, written
from tnw.accounts import actors, audit
from tnw.accounts.models import new_uuid
from tnw.core import clock


@pytest.fixture
def sealed(stage: Stage) -> Document:
    """A document that the fund sealed."""
    dossier, actor, public_id = stage.dossiers["running"], actors.system(), new_uuid()
    fund = dossier.fund
    with audit.acting_as(actor, fund), ThreadPoolExecutor(1) as pool:
        # pyHanko wants a thread of its own: in this one the loop of Playwright runs.
        letter = written(fund, reference_of(public_id))
        content, certificate = pool.submit(sealing.seal, letter, fund, clock.now()).result()
        return Document.objects.create(
            fund=fund, public_id=public_id, dossier=dossier, kind="contact_invitation", language="nl", title="Brief",
            content=content, sha256=hashlib.sha256(content).hexdigest(), pages=1, certificate=certificate,
            made_on=TODAY, made_at=clock.now(), actor=actor,
        )  # fmt: skip


@pytest.fixture
def looked_at(page: Page) -> Callable[[], None]:
    """`looked_at()`: the page as it stands holds before axe, wide and on a phone."""

    def look() -> None:
        for width in (1280, 390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert violations(page) == []
            assert wider_than_the_window(page) == []

    return look


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_a_file_is_told_apart_without_an_account(
    language: str, sealed: Document, page: Page, looked_at: Callable[[], None], tmp_path: Path
) -> None:
    with translation.override(language):
        heading, unchanged = gettext("Verify a document"), gettext("Unchanged, and sealed")
        changed = gettext("Changed afterwards")
    (whole := tmp_path / "verklaring.pdf").write_bytes(sealed.content)
    (other := tmp_path / "andere.pdf").write_bytes(bytes(sealed.content).replace(b"(Brief)", b"(Grief)", 1))
    page.goto(f"/verify?document={sealed.reference}")
    if page.locator("html").get_attribute("lang") != language:
        in_language(page, language)
        page.goto(f"/verify?document={sealed.reference}")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.locator("main")).to_contain_text(sealed.reference)
    looked_at()
    for path, said in ((whole, unchanged), (other, changed)):
        page.locator("input[type=file]").set_input_files(path)
        page.locator("main button[type=submit]").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=2)).to_have_text(said)
        expect(page.locator("#finding")).to_be_focused()
        assert page.title().startswith(said)
        looked_at()
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("alert")).to_be_focused()
    looked_at()
    assert page.wrong == []  # type: ignore[attr-defined]
