"""E-mail addresses, and WeChat, QQ, account and document numbers that a word announces."""

from ingest.mask.rules import Rule, applied

_KIND = "(?: ?[Ii][Dd]|[号码]{0,2})"
_SAYS = rf"(?:{_KIND}(?:[是为]|[:：]|[ 　\t])[是为:： 　\t]{{0,3}}|号码?|)"
_CHAT = "(?:微信|[Ww]e[Cc]hat|WECHAT|[Vv][Xx]|V信|[Qq]{2}|扣扣)"
_PAPER = (
    "(?:卡号|账号|帐号|账户|帐户|户号|客户号|客户编号|存折号|存单号|"
    "证件|身份证|护照|通行证|军官证|社保号)"
)
# Without the code of a place, only the word in front tells a landline number.
_PHONE = "(?:座机|固话|电话|联系方式)"
_LOCAL = "[2-8０-９][0-9０-９]{2,3}[ －-]?[0-9０-９]{4}"
SUSPECT = (
    rf"[@＠]|(?:{_CHAT}|{_PAPER}){_KIND}[是为:： 　\t]{{0,4}}[A-Za-z0-9０-９_-]{{4,}}|"
    rf"{_PHONE}[号码]{{0,2}}[是为:： 　\t]{{0,4}}{_LOCAL}(?:[^0-9]|$)"
)

_MAIL: Rule = (
    r"([A-Za-z0-9])[A-Za-z0-9._%+-]* {0,2}@ {0,2}([A-Za-z0-9-]+(?: ?[.．。] ?[A-Za-z0-9-]+)+)",
    r"\1***@\2",
)
_CHINESE_MAIL: Rule = (
    r"([A-Za-z0-9])[A-Za-z0-9._%+-]* {0,2}@ {0,2}"
    r"([A-Za-z0-9一-龥-]{1,20} ?[.．。] ?(?:中国|公司|网络|网址|政务|公益|集团|cn|com))",
    r"\1***@\2",
)
# Where a name in Chinese begins is not to be seen: as many signs go as names have.
_NAMED_MAIL: Rule = (
    r"[A-Za-z0-9._%+-]*[一-龥](?:[.·]?[一-龥]){0,3} {0,2}@ {0,2}"
    r"((?:[A-Za-z0-9一-龥-]{1,20} ?[.．。] ?)+(?:[A-Za-z]{2,}|中国|公司|网络|网址|政务|公益|集团))",
    r"***@\1",
)
_RULES: tuple[Rule, ...] = (
    _NAMED_MAIL,
    _MAIL,
    _CHINESE_MAIL,
    (rf"({_CHAT}{_SAYS})(?:[A-Za-z][A-Za-z0-9_-]{{5,19}}|[1-9][0-9]{{4,11}}\b)", r"\1***"),
    # In groups; a day has groups of two.
    (rf"({_PAPER}{_SAYS})[0-9]{{4,10}}(?:[ 　-]{{1,2}}[0-9]{{3,10}}){{2,5}}\b", r"\1****"),
    (rf"({_PAPER}{_SAYS})[A-Za-z]{{0,3}}[0-9]{{3,18}}([0-9]{{3}}[0-9Xx])\b", r"\1****\2"),
    (rf"({_PHONE}{_SAYS})[2-8][0-9]{{2,3}}[ －-]?([0-9]{{4}})\b", r"\1****\2"),
)


def masked(text: str) -> str:
    """SQL for the text with the numbers masked that such a word announces."""
    return applied(text, _RULES)
