"""One check of everything, while nobody writes."""

from collections.abc import Callable

from warehouse.home import Home
from warehouse.lake import holding_lock, open_reader, reading
from warehouse.lake_check.archive import check_archive
from warehouse.lake_check.files import check_catalogue, check_files
from warehouse.lake_check.finding import Findings
from warehouse.lake_check.rows import (
    check_batches,
    check_counts,
    check_entities,
    check_marts,
)


def check(home: Home, *, on_wait: Callable[[], None] | None = None) -> Findings:
    """Verify the whole lake; waits for a running load, changes nothing.

    Raises WarehouseMissing where nothing was ever loaded.
    """
    findings = Findings()
    with holding_lock(home, on_wait=on_wait):
        if home.catalogue.exists() and not check_catalogue(home, findings):
            return findings
        if home.catalogue.exists():
            check_files(home, findings)
        hub = open_reader(home)
        try:
            with reading(hub) as cursor:
                check_counts(home, cursor, findings)
                is_readable = not any(one.rule == "unreadable" for one in findings.found)
                # What cannot be read was named; summing it up would only fail again.
                if is_readable:
                    check_batches(cursor, findings)
                    check_entities(cursor, findings)
                    check_marts(cursor, findings)
                    check_archive(home, cursor, findings)
        finally:
            hub.close()
    return findings
