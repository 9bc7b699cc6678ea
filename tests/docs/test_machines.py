"""The drawings of the state machines are those of the code."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dossiers.machines import machines
from dossiers.management.commands.draw_machines import ways


def test_the_drawings_are_those_of_the_code() -> None:
    call_command("draw_machines", check=True)


def test_a_page_that_differs_is_found_and_drawn_again(tmp_path: Path) -> None:
    call_command("draw_machines", folder=tmp_path)
    call_command("draw_machines", folder=tmp_path, check=True)
    (tmp_path / "plan.md").write_text("Long ago.")
    (tmp_path / "gone.md").write_text("A machine of before.")
    (tmp_path / "traject.md").unlink()
    with pytest.raises(CommandError, match=r"gone\.md, plan\.md, traject\.md"):
        call_command("draw_machines", folder=tmp_path, check=True)
    call_command("draw_machines", folder=tmp_path)
    call_command("draw_machines", folder=tmp_path, check=True)


def test_every_fact_of_every_table_is_drawn() -> None:
    for model in machines():
        told = {key for way in ways(model) for key in way.facts}
        assert told == set(model.TABLE), model.NAME
