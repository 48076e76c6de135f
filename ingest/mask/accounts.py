"""E-mail addresses, and WeChat, QQ, account and document numbers that a word announces."""

from ingest.mask.rules import Rule, applied

_SAYS = r"(?:[号码]{0,2}(?:[是为]|[:：]|[ 　\t])[是为:： 　\t]{0,3}|号码?|)"
_CHAT = "(?:微信|[Ww]e[Cc]hat|WECHAT|[Vv][Xx]|V信|QQ|qq|扣扣)"
_PAPER = "(?:卡号|账号|帐号|账户|帐户|户号|客户号|证件|身份证|护照|通行证|军官证|社保号)"
# Without the code of a place, only the word in front tells a landline number.
_PHONE = "(?:座机|固话|电话|联系方式)"
_LOCAL = "[2-8０-９][0-9０-９]{2,3}[ －-]?[0-9０-９]{4}"
SUSPECT = (
    rf"[@＠]|(?:{_CHAT}|{_PAPER})[号码]{{0,2}}[是为:： 　\t]{{0,4}}[A-Za-z0-9０-９_-]{{5,}}|"
    rf"{_PHONE}[号码]{{0,2}}[是为:： 　\t]{{0,4}}{_LOCAL}(?:[^0-9]|$)"
)

_MAIL: Rule = (
    r"([A-Za-z0-9])[A-Za-z0-9._%+-]* {0,2}@ {0,2}([A-Za-z0-9-]+(?: ?[.．] ?[A-Za-z0-9-]+)+)",
    r"\1***@\2",
)
_RULES: tuple[Rule, ...] = (
    _MAIL,
    (rf"({_CHAT}{_SAYS})(?:[A-Za-z][A-Za-z0-9_-]{{5,19}}|[1-9][0-9]{{4,11}}\b)", r"\1***"),
    (rf"({_PAPER}{_SAYS})[A-Za-z]{{0,3}}[0-9]{{4,18}}([0-9]{{3}}[0-9Xx])\b", r"\1****\2"),
    (rf"({_PHONE}{_SAYS})[2-8][0-9]{{2,3}}[ －-]?([0-9]{{4}})\b", r"\1****\2"),
)


def masked(text: str) -> str:
    """SQL for the text with the numbers masked that such a word announces."""
    return applied(text, _RULES)
