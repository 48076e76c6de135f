"""Lays the sales out as the recording system exports them, with the people's data filled in."""

from pathlib import Path

from ingest.demo import story
from ingest.demo.recordings import Sale
from ingest.demo.timeline import Timeline, stated_period
from ingest.demo.writers import Cell, write_csv

_HEADER = (
    "双录编号",
    "销售机构",
    "销售日期",
    "产品类型",
    "产品名称",
    "客户姓名",
    "证件号码",
    "联系电话",
    "业务员",
    "业务员工号",
    "是否应双录",
    "是否双录",
    "是否抽检",
    "质检结果",
)


def write_recordings(folder: Path, timeline: Timeline, sales: list[Sale]) -> Path:
    """Write the double-recording ledger as UTF-8 CSV with a mark."""
    path = folder / f"{story.PREFIX}双录质检台账.csv"
    period = stated_period(timeline.start, timeline.end)
    rows: list[list[Cell]] = [[f"{story.BRANCH}双录质检台账{story.MARK}"], [period], [*_HEADER]]
    rows += [_row(sale) for sale in sales]
    write_csv(path, rows, encoding="utf-8-sig")
    return path


def _row(sale: Sale) -> list[Cell]:
    words: dict[bool | None, str | None] = {True: "是", False: "否", None: None}
    results = {True: "合格", False: "不合格", None: "未抽检"}
    return [
        sale.recording_id,
        sale.outlet,
        sale.day,
        sale.product_type,
        sale.product,
        sale.customer.name,
        sale.customer.identity_number,
        sale.customer.phone,
        sale.seller.name,
        sale.seller.number,
        words[sale.is_required],
        words[sale.is_recorded],
        words[sale.is_sampled],
        results[sale.is_qualified],
    ]
