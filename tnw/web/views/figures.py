"""Figures: all of them at a glance, each with its table and chart, the list behind a number, and what the funding counts."""

from collections.abc import Iterator
from io import BytesIO

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from routing.figures import closing, rows
from routing.figures.quarter import Quarter, up_to
from routing.figures.table import DIMENSIONS, FEW, FIGURES, FUNDING, GROUPS, Figure, Group
from routing.policies.figures import FUND, may_read_figures, may_read_of_fund, whose
from tnw.accounts.models import Actor
from tnw.core import clock
from tnw.web.figures import charts, export, tables
from tnw.web.figures.asked import SHOWN, Asked, Value, values_of
from tnw.web.page import ActingRequest, page

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _asked(request: ActingRequest, *, cut: bool = False) -> Asked | None:
    """What is asked for; None for who has no dossiers of their own, and is no team lead."""
    who = whose(request.actor)
    return Asked(request.GET, whose=who, today=Quarter.of(clock.today()), cut=cut) if who else None


def _figure(code: str) -> Figure:
    if code not in FIGURES:
        raise Http404
    return FIGURES[code]


@page(may_read_figures)
@require_safe
def overview(request: ActingRequest) -> HttpResponse:
    asked = _asked(request)
    if asked is None:
        return render(request, "figures/nothing.html")
    told = {table.figure.code: table for table in tables.tables_of(request.actor, FIGURES.values(), asked)}
    shown = [
        (
            name,
            [
                (
                    told[one.code],
                    charts.columns(told[one.code], small=True),
                    charts.columns(tables.for_paper(told[one.code]), small=True),
                )
                for one in FIGURES.values()
                if one.group == group
            ],
        )
        for group, name in GROUPS.items()
        if group != Group.TIME
    ]
    durations = [told[one.code] for one in FIGURES.values() if one.in_days]
    context = {
        "asked": asked,
        "query": asked.query(),
        "groups": shown,
        "durations": [(table, table.rows[-1]) for table in durations],
        "spans": charts.spans(durations),
        "paper_spans": charts.spans([tables.for_paper(one) for one in durations]),
        "any_untold": any(one.untold for one in told.values()),
        "untold_note": tables.untold_note(),
        "time_name": GROUPS[Group.TIME],
        "counted_at": tables.counted_at(request.actor),
        "of_fund": bool(may_read_of_fund(request.actor)),
    }
    return render(request, "figures/overview.html", context)


@page(may_read_figures)
@require_safe
def one(request: ActingRequest, code: str) -> HttpResponse:
    figure, asked = _figure(code), _asked(request, cut=True)
    if asked is None:
        return render(request, "figures/nothing.html")
    table = tables.table_of(request.actor, figure, asked)
    context = {
        "figure": figure,
        "asked": asked,
        "query": asked.query(),
        "table": table,
        "chart": charts.chart_of(table),
        "paper": charts.chart_of(tables.for_paper(table)),
        "untold_note": tables.untold_note(),
        "stacked": figure.split and len(figure.parts) <= charts.MOST_STACKED,
        "counted_at": tables.counted_at(request.actor),
        "few": FEW,
        "of_fund": bool(may_read_of_fund(request.actor)),
    }
    return render(request, "figures/one.html", context)


@page(may_read_figures)
@require_safe
def download(request: ActingRequest, code: str, kind: str) -> HttpResponse:
    figure, asked = _figure(code), _asked(request, cut=True)
    if asked is None:
        raise Http404
    table = tables.table_of(request.actor, figure, asked)
    told = export.lines(table, asked, tables.counted_at(request.actor))
    return _file(told, kind, f"tnw-{code}-{asked.quarter.mark}")


@page(may_read_figures)
@require_safe
def behind(request: ActingRequest, code: str) -> HttpResponse:
    """The list behind a number, as of now; that of a closed quarter as it was closed."""
    figure, asked = _figure(code), _asked(request, cut=True)
    if asked is None:
        raise Http404
    part = request.GET.get("part")
    if part is not None and part not in figure.parts:
        raise Http404
    value = _value(request, asked)
    closed = "closed" in request.GET and figure.funding and asked.whose.kind == FUND
    listed = rows.Listed(
        figure, asked.quarter, asked.whose, part, asked.dimension, value.key if value else "", closed=closed
    )
    found = rows.rows(request.actor, listed, clock.today(), rows.Mark.read(request.GET.get("after", "")))
    more = {name: request.GET[name] for name in ("part", "value", "closed") if name in request.GET}
    context = {
        "figure": figure,
        "asked": asked,
        "query": asked.query(),
        "found": found,
        "part": figure.parts[part].name if part else "",
        "dimension": DIMENSIONS[asked.dimension] if asked.dimension else "",
        "value": value.name if value else "",
        "closed": closed,
        "begun": "after" in request.GET,
        "parts": figure.parts,
        "day_of": gettext("Legal date") if figure.by_deadline else gettext("Day"),
        "more": asked.query(**more, after=str(found.after)) if found.after else "",
        "here": asked.query(**more),
    }
    return render(request, "figures/behind.html", context)


def _value(request: ActingRequest, asked: Asked) -> Value | None:
    """The value of the dimension by which it is told apart."""
    if not asked.dimension:
        return None
    mark = request.GET.get("value", "")
    found = next((one for one in values_of(asked.dimension, request.user.fund_id) if one.mark == mark), None)
    if found is None:
        raise Http404
    return found


@page(may_read_of_fund)
@require_safe
def funding(request: ActingRequest) -> HttpResponse:
    """What the funding counts, quarter by quarter, as closed, with each correction that came after."""
    asked = _asked(request)
    if asked is None:
        raise Http404
    told = _funding(request.actor, asked.quarter)
    context = {
        "asked": asked,
        "query": asked.query(),
        "figures": [(figure, [one for one in told if one.figure == figure]) for figure in FUNDING],
        "days_after": closing.DAYS_AFTER,
    }
    return render(request, "figures/funding.html", context)


@page(may_read_of_fund)
@require_safe
def funding_file(request: ActingRequest, kind: str) -> HttpResponse:
    asked = _asked(request)
    if asked is None:
        raise Http404
    told = _funding(request.actor, asked.quarter)
    return _file(export.funding_lines(told), kind, f"tnw-funding-{asked.quarter.mark}")


def _funding(actor: Actor, until: Quarter) -> list[closing.QuarterCount]:
    quarters = up_to(until, SHOWN // 2)
    return [one for figure in FUNDING for one in closing.told(actor, figure, quarters[::-1], clock.today())]


def _file(told: Iterator[list[export.Value]], kind: str, name: str) -> HttpResponse:
    if kind not in TYPES:
        raise Http404
    if kind == "csv":
        content = export.as_csv(told)
    else:
        out = BytesIO()
        export.as_xlsx(told, out)
        content = out.getvalue()
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return HttpResponse(content, content_type=TYPES[kind], headers=headers)
