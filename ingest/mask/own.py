"""Masks in a row's text what its own personal columns say: whom it is about, marked or not."""

import re

from ingest.mask.names import NOBODY, SURNAME
from ingest.sql import literal

_NUMBER = "***"
# Columns that hold names and nothing else; others name a person, a company, a place or a role.
_OF_NAMES = re.compile("姓名|名字|xingming")
_OF_SOMEBODY = re.compile("(人|户名|账户名|客户名称|经理|人员|员工|name)$")
# What people write there instead of a name.
_NO_NAME = (
    "匿名|匿名客户|匿名用户|不详|未知|保密|无名|无名氏|本人|先生|女士|小姐|客户|用户|个人|企业|公司|单位|商户|商家|"
    "群众|市民|网友|消费者|投诉人|来电人|联系人|代理人|家属|亲属|学生|老人|同上|暂无|没有|未提供|未透露|未填写|"
    "不愿透露|无法核实|银行|监管|贷款|信用卡|官方|高管"
)
_LATIN = "[A-Za-z][A-Za-z.'-]+( [A-Za-z][A-Za-z.'-]*)+"
_MINORITY = "[一-龥]{2,8}[·•][一-龥]{2,8}"
# 江北支行, 信用卡部, 管理员 are no names, though they begin like one.
_NO_BODY = "[^行部司处所店点局院厅科组室岗员人户市区县省]"
_SOMEBODY = f"(?:{SURNAME}|于)(?:[一-龥]{{0,2}}{_NO_BODY})"
# As many digits tell somebody in whatever form they are written.
_DIGITS = "([^0-9０-９]*[0-9０-９]){6}"


def without_own(text: str, own: dict[str, tuple[str, ...]]) -> str:
    """SQL: a text without what its row's personal cells say; for each cell the keys of its column.

    Most texts hold nothing of it: they cost one look for each cell and no more.
    """
    found = text
    for cell, keys in own.items():
        is_number = f"regexp_matches({cell}, {literal(_DIGITS)})"
        names = _names(keys)
        is_told = f"({is_number} or ({_is_one_of(cell, names)}))" if names else is_number
        # Where nothing is looked for, nothing is replaced.
        told = (
            f"case when strlen({cell}) > 3 and contains({text}, {cell}) and {is_told} "
            f"then {cell} else '' end"
        )
        mask = f"case when {is_number} then {literal(_NUMBER)} else {literal(NOBODY)} end"
        found = f"replace({found}, {told}, {mask})"
    return found


def _names(keys: tuple[str, ...]) -> str:
    """What a name looks like in a column that is known by these keys; nothing where none stands."""
    if any(map(_OF_NAMES.search, keys)):
        return f"[一-龥]{{2,4}}|{_MINORITY}|{_LATIN}"
    return f"{_SOMEBODY}|{_MINORITY}|{_LATIN}" if any(map(_OF_SOMEBODY.search, keys)) else ""


def _is_one_of(cell: str, names: str) -> str:
    return (
        f"regexp_full_match({cell}, {literal(names)}) "
        f"and not regexp_full_match({cell}, {literal(_NO_NAME)})"
    )
