"""Funds of before the questionnaire get the example with the upgrade, once."""

from datetime import date
from importlib import import_module

from django.apps import apps
from django.db import connection

from routing.models import Question, QuestionnaireVersion
from tnw.accounts import actors, audit
from tnw.accounts.services import create_fund

seed = import_module("routing.migrations.0008_example_questionnaire").seed


def test_a_fund_that_was_there_gets_the_example_once(db: None) -> None:
    actor = actors.system(actors.COMMAND)
    old = create_fund(number="311", institution="300", name="Noord", live_from=date(2022, 1, 1), actor=actor)
    assert not QuestionnaireVersion.objects.filter(fund=old).exists()
    with audit.acting_as(actor, old):
        for _time in range(2):
            with connection.schema_editor() as editor:
                seed(apps, editor)
    version = QuestionnaireVersion.objects.get(fund=old)
    assert f"{version.valid_from}" == "2022-01-01"
    assert Question.objects.filter(version=version).count() >= 14
