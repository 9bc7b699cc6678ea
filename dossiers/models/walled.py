"""Reads begin here: what an actor may see, as rows that can still be locked."""

from typing import Self

from django.db import models

from tnw.accounts.models import Actor, ActorKind
from tnw.accounts.policies import may_see_dossiers
from tnw.core import scope


class WalledQuerySet(models.QuerySet):
    """Rows about insured people, behind both walls."""

    def visible_to(self, actor: Actor) -> Self:
        """Rows of the actor's own fund; none for roles that work without dossiers (domain.md section 8)."""
        if actor.kind == ActorKind.JOB:
            return self.filter(fund_id__in=scope.fund_ids())
        if actor.kind == ActorKind.CLIENT:
            return self.filter(fund_id=actor.fund_id) if actor.fund_id else self.of_service(actor.service)
        if not actor.user or not may_see_dossiers(actor):
            return self.none()
        return self.filter(fund_id=actor.user.fund_id)

    def of_service(self, service: str) -> Self:
        """Those that a regional service deals with itself, in the funds in scope; of most tables that is nothing."""
        return self.none()

    def locked(self) -> Self:
        """The same rows, locked until the transaction ends.

        Not against those who only point at them: two who have opened one dossier, each with a line in the access log,
        would otherwise wait for each other for ever.
        """
        return self.select_for_update(of=("self",), no_key=True)


class ServiceQuerySet(WalledQuerySet):
    """Rows that name the regional service they are about."""

    def of_service(self, service: str) -> Self:
        """Its own, in the funds in scope."""
        return self.filter(fund_id__in=scope.fund_ids(), service=service)
