"""How rows that are no data begin or what they say: totals, and what stands below a table."""


def _any(*words: str) -> str:
    """A pattern for one of these words; they may be spaced out: 合 计."""
    return "|".join("\\s*".join(word) for word in words)


_TOTALS = f"({_any('合计', '总计', '小计', '共计', '累计')})"
_SIGNED = _any("制表", "填报", "填表", "审核", "复核", "审批", "报送", "打印", "导出")
_WHO = f"({_any('人员', '人', '员', '单位', '部门', '日期', '时间', '电话')})"
_ROLES = _any("统计人", "统计员", "统计单位", "统计日期", "负责人", "经办人", "联系人", "联系电话")
_REMARKS = _any("备注", "说明")
_NOTES = _any(
    *("统计时间", "统计期间", "数据日期", "报表日期", "报告日期", "数据来源", "资料来源"),
    *("数据截至", "截至", "主管", "经办", "审定"),
    *("填写说明", "填写要求", "填表说明", "填报说明", "填报要求", "注意事项", "温馨提示"),
)
# What stands below a list of marks; elsewhere texts begin so (合格率：低于九成).
_MEANS = (
    _any(
        "平均分",
        "平均成绩",
        "平均值",
        "平均",
        "最高分",
        "最低分",
        "及格率",
        "优秀率",
        "合格率",
        "参考率",
    )
    + "|"
    + _any("应考人数", "实考人数", "参考人数", "缺考人数", "及格人数", "优秀人数")
)
_OTHERS = r"注\s*[:：\d]|以下空白|[—–-]+\s*(以下空白|完|end)"
_PAGE = r"第\s*\d+\s*页|共\s*\d+\s*(页|条|笔|件|家|行|户|人|项|个)"

# What stands below a table rather than above the next one.
BELOW = f"^({_TOTALS}|{_SIGNED}|{_ROLES}|{_REMARKS}|{_OTHERS})"
# A word that ends here makes a footer; 审核部 and 备注不清 only begin like one.
FOOTER = (
    f"^({_TOTALS}({_any('件数', '金额', '笔数', '数量', '人数', '户数')}|\\d.*)?"
    f"|({_SIGNED}){_WHO}?|{_ROLES}|({_REMARKS})\\d*|{_NOTES})\\s*([:：(（]|\\s|$)|^({_OTHERS})"
)
# A row that says nothing else needs no such end, unless it is an institution: 审批中心.
FOOTER_ALONE = f"^({_TOTALS}|{_SIGNED}|{_ROLES}|{_REMARKS}|{_NOTES}|{_OTHERS}|{_PAGE})"
MARKS_FOOTER = f"^({_MEANS})\\s*([:：(（]|\\s|$)|{FOOTER}"
MARKS_FOOTER_ALONE = f"^({_MEANS})|{FOOTER_ALONE}"
INSTITUTION = "(部|中心|处|科|室|组|行|司|所)$"
# A first cell that is nothing but this word makes a total row, whatever else stands in it.
TOTAL = f"^{_TOTALS}[:：]?$"
GRAND_TOTAL = f"^({_any('合计', '总计')})[:：]?$"
# What Excel's subtotals write, beside which stand nothing but numbers: 城东支行 汇总, 总计数.
_SUBTOTAL = (
    "(?:(?:[^\x1f]{1,60}\\s)?(汇总|计数|平均值|最大值|最小值)|总计(数|平均值|最大值|最小值))"
)
_NUMBER = "[-+]?[0-9][0-9,]*(?:[.][0-9]+)?%?"
SUBTOTAL_ROW = f"(?:{_NUMBER}\x1f)*{_SUBTOTAL}(?:\x1f{_NUMBER})*"
# A name that is a total wherever it stands: 全行合计, 城东支行小计, 合计（2家）.
TOTAL_NAME = f"^.{{0,12}}{_TOTALS}\\s*([(（][^()（）]*[)）])?[:：]?$"
# 一、城东支行: a row with nothing else heads a group of rows.
HEADING = (
    "^([(（][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}[、.．])\\s*\\S.{0,30}$"
)
