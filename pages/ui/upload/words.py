"""The state of a file in a word with its own mark, and in a sentence."""

from pages.ui.text import _
from pages.ui.theme import BAD, GOOD, NEUTRAL, WARN

_MARKS = {
    "loaded": ("●", GOOD),
    "loadable": ("●", GOOD),
    "unchanged": ("○", NEUTRAL),
    "zero_report": ("○", NEUTRAL),
    "held": ("▲", WARN),
    "refused": ("■", BAD),
    "refusable": ("■", BAD),
    "failed": ("◆", BAD),
    "stuck": ("◆", BAD),
    "waiting": ("…", NEUTRAL),
    "checking": ("…", NEUTRAL),
    "loading": ("…", NEUTRAL),
}


def word(state: str) -> str:
    """The state in a word."""
    return {
        "loaded": _("已装载"),
        "loadable": _("可以装载"),
        "unchanged": _("内容未变"),
        "zero_report": _("零报告"),
        "held": _("待确认"),
        "refused": _("已退回"),
        "refusable": _("会被退回"),
        "failed": _("没有装载"),
        "stuck": _("没有完成"),
        "waiting": _("等待装载"),
        "checking": _("检查中"),
        "loading": _("装载中"),
    }[state]


def mark(state: str) -> str:
    """The state as a coloured mark with its word."""
    sign, colour = _MARKS[state]
    return f"<span class='upload-state' style='color:{colour}'>{sign} {word(state)}</span>"


def meaning(status: str) -> str:
    """What an outcome means for the reader, in a sentence."""
    return {
        "loaded": _("数字已更新，各页面现在显示的就是装载后的数据。"),
        "unchanged": _("以前装载过同样的内容，没有改变任何数字。"),
        "zero_report": _("文件写明没有数据，没有改变任何数字。"),
        "refused": _("整个文件已退回，没有写入任何内容。改好后再上传。"),
        "held": _("需要确认后才能装载，文件留在收件箱，请在下面“收件箱”中核对并确认。"),
        "failed": _("本机出了故障，文件留在收件箱，没有丢失任何数据；排除故障后再装载。"),
    }[status]
