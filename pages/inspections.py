"""检查与双录: inspections and their issues, rules kept or not, sales recorded or not."""

from pages.ui import frame
from pages.ui.inspecting import policies, visits
from pages.ui.recording import section as recording
from pages.ui.text import _

page = frame.open_page(__file__)
ask = page.ask
page.head(
    _("查了哪些网点、发现的问题改了没有，制度执行得怎样，该双录的是否都录了、录得合不合格。"),
    unused=("category_group", "intake_channel"),
)

visits.show(ask)
policies.show(ask)
recording.show(ask)
