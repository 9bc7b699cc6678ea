"""The contract as it is read: as YAML, as JSON, and on a page for people."""

import re
from collections import Counter

import pytest
import yaml
from django.test import Client

from tnw.integration.rest import contract
from tnw.integration.rest.problem import KINDS, Problem
from tnw.integration.rest.shape import ROOT

PAGE = f"{ROOT}/doc"


@pytest.fixture(scope="module")
def html() -> str:
    """Without a database: whoever reads it is nobody."""
    answer = Client().get(PAGE)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert answer["Content-Language"] == "en"
    assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=300"}
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    return answer.content.decode()


def test_the_files_are_what_was_committed() -> None:
    told = Client().get(f"{PAGE}/openapi.yaml")
    assert told["Content-Type"] == "application/yaml"
    assert told.content == contract.FILE.read_bytes()
    plain = Client().get(f"{PAGE}/openapi.json")
    assert plain["Content-Type"] == "application/json"
    assert plain.json() == yaml.safe_load(told.content) == contract.committed()
    assert Client().get(f"{PAGE}/openapi.xml").status_code == 404
    assert Client().post(f"{PAGE}/openapi.yaml").status_code == 405


def test_every_operation_shape_and_problem_has_its_place(html: str) -> None:
    ids = Counter(re.findall(r'\bid="([^"]+)"', html))
    assert not [name for name, times in ids.items() if times > 1]
    operations = [one for methods in contract.committed()["paths"].values() for one in methods.values()]
    shapes = contract.committed()["components"]["schemas"]
    assert {one["operationId"] for one in operations} | {f"shape-{name}" for name in shapes} | set(
        KINDS
    ) <= set(ids)
    links = set(re.findall(r'href="#([^"]+)"', html))
    assert links <= set(ids)
    for one in operations:
        assert one["security"] == [] or one["security"][0]["clientCredentials"][0] in html


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if ":tnw:" in kind.type])
def test_a_problem_of_ours_is_explained_where_its_href_points(html: str, kind: str) -> None:
    page, _sep, place = Problem(kind).plain()["href"].partition("#")
    assert page.endswith(PAGE)
    assert f'id="{place}"' in html


def test_nothing_of_it_comes_from_elsewhere(html: str) -> None:
    assert "<script" not in html
    assert "style=" not in html
    assert re.findall(r'(?:src|href)="(https?://[^"]+)"', html) == []
    assert '<html lang="en">' in html
