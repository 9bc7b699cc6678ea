"""The three entrances."""

from routing.models.route_a import RouteA, RouteAState

__all__ = ["RouteA", "RouteAState"]
