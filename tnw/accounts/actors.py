"""Actors by user or by name."""

from tnw.accounts.models import Actor, ActorKind, User

JOB = "TNW"
COMMAND = "manage.py"
FEED = "feed"


def of_user(user: User) -> Actor:
    """The actor of a user, made at the first need."""
    try:
        return user.actor  # loaded with the user, for whoever is signed in
    except Actor.DoesNotExist:
        pass
    actor, _created = Actor.objects.get_or_create(
        user=user, defaults={"kind": ActorKind.USER, "name": user.name}
    )
    return actor


def system(name: str = JOB) -> Actor:
    """A named actor for work that no person does: a job, a command, the feed."""
    actor, _created = Actor.objects.get_or_create(name=name, user=None, defaults={"kind": ActorKind.JOB})
    return actor
