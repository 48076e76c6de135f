"""What happened when: system changes, new rules and campaigns that may explain a turn."""

from dataclasses import dataclass
from datetime import date

import duckdb

from warehouse import codes
from warehouse.periods import Period
from warehouse.scope import Scope

KIND_LIST = "calendar_event_kind"
OTHER = "其他"


@dataclass(frozen=True)
class Event:
    """One event; without a sub-branch it concerns the whole branch."""

    day: date
    name: str
    kind: str
    sub_branch: str | None
    note: str = ""


def kinds() -> tuple[str, ...]:
    """The kinds of events in the order of their code list."""
    return tuple(code.name for code in codes.code_list(KIND_LIST))


def events(cursor: duckdb.DuckDBPyConnection, period: Period, *, scope: Scope) -> list[Event]:
    """The events of a period that concern the scope, earliest first.

    What concerns the whole branch concerns every reader.
    """
    rows = cursor.execute(
        """
        with placed as (
            select
                event.event_date,
                event.event_name,
                coalesce(event.event_kind, $other) as event_kind,
                case
                    when path.org_level in ('总行', '分行') then null
                    else coalesce(path.sub_branch, event.org_name)
                end as sub_branch,
                coalesce(event.note, '') as note,
            from lake.core.calendar_event as event
            left join organisation_path as path on event.org_name = path.org_name
        )

        select event_date, event_name, event_kind, sub_branch, note,
        from placed
        where ($start::date is null or event_date >= $start)
        and ($end::date is null or event_date <= $end)
        and ($everybody or sub_branch is null or list_contains($scope::varchar[], sub_branch))
        order by event_date, sub_branch nulls first, event_name
        """,
        {
            "start": period.start,
            "end": period.end,
            "other": OTHER,
            "everybody": scope.sub_branches is None,
            "scope": sorted(scope.sub_branches or ()),
        },
    ).fetchall()
    return [Event(*row) for row in rows]
