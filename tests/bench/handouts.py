"""One hand-out made over the installation that DASHBOARD_HOME names: for time and memory."""

import sys

from pages.ui.handouts.kinds import Source, kinds
from pages.ui.handouts.orders import Order
from warehouse import periods
from warehouse.coverage import coverage
from warehouse.home import current_home
from warehouse.lake import open_reader, reading
from warehouse.scope import Scope


def main(wanted: str) -> None:
    """Make the hand-out of this kind for the latest complete period, as its page does."""
    kind = next(one for one in kinds() if one.id == wanted)
    home = current_home()
    with reading(open_reader(home)) as cursor:
        held = coverage(cursor)["complaint"]
        period = periods.latest_complete(kind.every, held.first, held.last)
        source = Source(cursor, home, Scope.everything())
        made = kind.make(source, Order(kind.id, period.id))
    size = round(len(made.content) / 1024)
    sys.stdout.write(f"{kind.name} {period.label_zh}: {made.summary}, {size} KB\n")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        sys.stdout.write(" ".join(kind.id for kind in kinds()))
