"""What is said of what is refused: in the language of who asks, and without what was written."""

from typing import Any

import pytest
from django.utils import translation
from rest_framework import serializers

from tests.api.client import Caller
from tests.api.conftest import Api
from tnw.integration.rest.problem import refused_by_shape
from tnw.integration.rest.shape import Many, Query, Shape, prototype


class Asked(Shape):
    text = serializers.CharField(required=False, min_length=3, max_length=4)
    some = serializers.ListField(child=serializers.IntegerField(), required=False, min_length=2, max_length=3)
    number = serializers.IntegerField(required=False, min_value=-5, max_value=7)
    moment = serializers.DateTimeField(required=False)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a short text": ({"text": "a"}, "3"),
    "a long text": ({"text": "abcde"}, "4"),
    "a short list": ({"some": [1]}, "2"),
    "a long list": ({"some": [1, 2, 3, 4]}, "3"),
    "a small number": ({"number": -6}, "-5"),
    "a large number": ({"number": 8}, "7"),
    "a moment at the end of all": ({"moment": "9999-12-31T23:59:59Z"}, ""),
    "half a character": ({"text": "ab\ud800"}, ""),
    "a nul": ({"text": "ab\0"}, ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_each_language_has_its_own(name: str) -> None:
    written, bound = REFUSED[name]
    told = set()
    for language in ("nl", "fr", "de", "en"):
        with translation.override(language):
            asked = Asked(data=written)
            assert not asked.is_valid()
            (issue,) = refused_by_shape(asked.errors, "body").issues
            told.add(str(issue.detail))
            assert bound in str(issue.detail)
            assert "D800" not in str(issue.detail).upper()
    assert len(told) == 4, told


def test_a_shape_that_is_kept_speaks_to_each_in_their_own() -> None:
    class Kept(Query):
        one = Many(child=serializers.CharField(), max_length=1)

    told = set()
    for language in ("fr", "nl"):
        with translation.override(language), pytest.raises(serializers.ValidationError) as refused:
            prototype(Kept).run_validation({"one": ["a", "b"]})
        with translation.override(language):
            told.add(str(refused_by_shape(refused.value.detail, "query").issues[0].detail))
    assert len(told) == 2, told


def test_too_many_values_of_one_name(api: Api) -> None:
    caller: Caller = api.as_fund("deadline:read")
    refused = caller.get("/deadlines?" + "&".join(["state=open"] * 51), Accept_Language="nl-BE")
    (issue,) = refused.json()["issues"]
    assert (refused.status_code, issue["name"], issue["detail"]) == (
        400,
        "state",
        "Dit is te lang: hoogstens 50.",
    )
