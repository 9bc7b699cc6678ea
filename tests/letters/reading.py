"""What a letter says in the language of the source: a test of a rule then stands, however it is translated."""

from dossiers.documents.kinds import kind_of
from tests.letters import golden
from tests.letters.stage import Scene, Stage


def said(stage: Stage, slug: str, scene: Scene, *, by: str = "") -> str:
    """All of its text in one line."""
    content = stage.letter(kind_of(slug), scene, language="en", by=by).content
    return " ".join(golden.text_of(content).split())
