"""例会模式: the numbers of a meeting one screen after the other, held to one snapshot."""

from pages.ui import frame
from pages.ui.meeting import stage

page = frame.open_page(__file__)
stage.show(page.ask, page.title)
