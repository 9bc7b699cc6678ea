from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from tnw.accounts.models import Fund


class RoutingConfig(AppConfig):
    name = "routing"
    machines = ("RouteA", "RouteB", "RouteC")
    of_services = ("RouteC",)
    fits = ("routing.fits",)
    letters = ("routing.letters.questionnaire", "routing.letters.route_b")

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from routing.models import (
            AnswerSheet,
            Question,
            Questionnaire,
            QuestionnaireVersion,
            QuestionOption,
            RegistrationWindow,
        )

        auditlog.register(QuestionnaireVersion)
        auditlog.register(Question)
        auditlog.register(QuestionOption)
        auditlog.register(RegistrationWindow)
        auditlog.register(Questionnaire, exclude_fields=["token"])
        auditlog.register(
            AnswerSheet, mask_fields=["answers"], exclude_fields=["revision", "saved_at", "form", "turn"]
        )

    def seed_fund(self, fund: "Fund") -> None:
        """The reference data of this app that a new fund begins with."""
        from routing import windows
        from routing.models import Question, QuestionnaireVersion, QuestionOption, RegistrationWindow
        from routing.questionnaires import example

        example.write(QuestionnaireVersion, Question, QuestionOption, fund.pk)
        windows.write(RegistrationWindow, fund.pk)
