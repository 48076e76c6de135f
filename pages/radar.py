"""数据疑点: what looks odd in the loaded data, asked as questions with N; nobody is accused."""

from pages.ui import frame
from pages.ui.radar import asked, one, questions
from pages.ui.text import _

page = frame.open_page(__file__)
ask = page.ask
page.head(
    _("数据里看着不寻常、值得核对的地方。都是问题，不是结论：多数有正常的原因，问清楚即可。"),
    unused=("category_group", "intake_channel"),
)

found = asked.survey(ask)
shown = asked.chosen(ask, found)
questions.headline(ask, found, shown)
if shown:
    questions.show(shown)
    chosen = one.pick(shown)
    one.show(ask, chosen)
    one.rows(ask, chosen)
questions.tested(found)
