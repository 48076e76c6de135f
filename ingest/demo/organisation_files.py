"""Lays out the organisation register and the table of monthly denominators."""

from pathlib import Path

from ingest.demo import story
from ingest.demo.branch import Branch
from ingest.demo.writers import add_header, add_title, new_sheet, save, write_csv

_REGISTER_HEADER = ("机构号", "机构名称", "机构层级", "上级机构", "开业日期", "撤并日期", "排序")
_SIZES_HEADER = (
    "机构",
    "统计月份",
    "营业网点数",
    "个人客户数",
    "员工数",
    "中层以上管理人员数",
    "新员工数",
    "各项存款余额（亿元）",
)


def write_register(folder: Path, branch: Branch) -> Path:
    """Write the organisation register as a workbook with one merged title row."""
    path = folder / f"{story.PREFIX}机构表.xlsx"
    sheet = new_sheet("机构表")
    add_title(sheet, f"{story.BRANCH}机构表{story.MARK}", width=len(_REGISTER_HEADER))
    add_header(sheet, _REGISTER_HEADER)
    for position, o in enumerate(branch.organisations, start=1):
        parent = o.parent or None
        sheet.append([o.code, o.name, o.level, parent, o.opened, o.closed, position * 10])
    save(path, sheet)
    return path


def write_denominators(folder: Path, branch: Branch) -> Path:
    """Write the denominators as UTF-8 CSV without a mark, customers with thousands separators."""
    path = folder / f"{story.PREFIX}机构基数表.csv"
    rows: list[tuple[str | int, ...]] = [
        (f"{story.BRANCH}机构基数表{story.MARK}",),
        _SIZES_HEADER,
    ]
    rows += [
        (
            d.sub_branch,
            f"{d.month:%Y-%m}",
            d.outlets,
            f"{d.customers:,}",
            d.staff,
            d.managers,
            d.new_staff,
            f"{d.deposits_yuan / 1e8:.2f}",
        )
        for d in branch.denominators
    ]
    write_csv(path, rows, encoding="utf-8")
    return path
