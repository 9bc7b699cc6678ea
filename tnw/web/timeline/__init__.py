"""The timeline of a dossier as a picture: `items` what it shows, `window` which days, `layout` where it stands."""

from tnw.web.timeline.page import Timeline, chosen, timeline

__all__ = ["Timeline", "chosen", "timeline"]
