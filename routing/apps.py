from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from tnw.accounts.models import Fund


class RoutingConfig(AppConfig):
    name = "routing"
    machines = ("RouteA",)

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from routing.models import AnswerSheet, Question, Questionnaire, QuestionnaireVersion, QuestionOption

        auditlog.register(QuestionnaireVersion)
        auditlog.register(Question)
        auditlog.register(QuestionOption)
        auditlog.register(Questionnaire, exclude_fields=["token"])
        auditlog.register(
            AnswerSheet, mask_fields=["answers"], exclude_fields=["revision", "saved_at", "form", "turn"]
        )

    def seed_fund(self, fund: "Fund") -> None:
        """The reference data of this app that a new fund begins with."""
        from routing.models import Question, QuestionnaireVersion, QuestionOption
        from routing.questionnaires import example

        example.write(QuestionnaireVersion, Question, QuestionOption, fund.pk)
