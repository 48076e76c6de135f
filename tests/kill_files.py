"""The extracts of the kill test: small, and of every kind that takes its own way through a load."""

from pathlib import Path

import openpyxl

LEDGER = ["投诉编号", "收到日期", "业务类别", "被投诉机构"]
REVIEWS = ["审查编号", "提交日期", "产品名称", "意见序号", "审查意见"]
EXAMS = ["考试名称", "考试日期", "工号", "姓名", "成绩", "法规得分", "案例得分"]
BRANCHES = ("城东支行", "城西支行", "港湾支行")


def write_extracts(inbox: Path) -> list[str]:
    """Put the extracts into an inbox; gives their names in loading order."""
    inbox.mkdir(parents=True, exist_ok=True)
    _csv(inbox / "01_投诉台账.csv", [LEDGER, *(_case(n, "贷款") for n in range(300))])
    # Half of them again, changed, and as many new ones: updates across files.
    _csv(inbox / "02_投诉台账.csv", [LEDGER, *(_case(n, "信用卡") for n in range(150, 450))])
    _book(inbox / "03_审查台账.xlsx", {"审查": [REVIEWS, *_reviews()]})
    _book(inbox / "04_考试成绩.xlsx", {"成绩": [EXAMS, *_exams("一季度考试")]})
    _book(
        inbox / "05_两张表.xlsx",
        {
            "投诉": [LEDGER, *(_case(n, "借记卡") for n in range(400, 520))],
            "考试": [EXAMS, *_exams("二季度考试")],
        },
    )
    (inbox / "06_看不懂.csv").write_text("甲,乙\n1,2\n3,4\n", encoding="utf-8")
    bad = [_case(n, "贷款") for n in range(600, 640)]
    bad[3][1], bad[7][1] = "2024-13-05", "不详"
    _csv(inbox / "07_部分退回.csv", [LEDGER, *bad])
    return sorted(path.name for path in inbox.iterdir())


def _case(number: int, category: str) -> list[str]:
    day = f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}"
    return [f"T{number:05}", day, category, BRANCHES[number % 3]]


def _reviews() -> list[list[str]]:
    return [
        [f"S{number:03}", f"2024-0{number % 9 + 1}-10", f"产品{number}", str(part), f"意见{part}"]
        for number in range(40)
        for part in range(1, number % 3 + 2)
    ]


def _exams(name: str) -> list[list[object]]:
    return [
        [name, "2024-03-15", f"{1000 + n}", f"员工{n}", 60 + n % 40, 30 + n % 20, 30 + n % 20]
        for n in range(80)
    ]


def _csv(path: Path, rows: list[list[str]]) -> None:
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")


def _book(path: Path, sheets: dict[str, list[list[object]]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
