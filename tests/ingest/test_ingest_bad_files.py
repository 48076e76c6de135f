"""One file per fault, each with the exact words that whoever sent it will read."""

import json

import pytest

from tests.ingest.conftest import BAD, Desk
from warehouse.home import Home

# file: (rule, row, message) of each problem; the whole file is refused.
REFUSED = {
    "empty_file.csv": [("empty", None, "文件是空的（0 字节）；请重新导出")],
    "no_data_rows.csv": [("no_rows", None, "第 1 行的表头下面没有数据行")],
    "unknown_layout.csv": [
        (
            "unknown_layout",
            None,
            "未知的文件格式：前几行中没有找到任何认识的表头；可以装载的有：城市服务请求、汽车投诉、CFPB 投诉数据、"
            "CFPB 单家银行投诉数据、网民留言、投诉台账、考试成绩、两部分考试成绩、机构基数表、机构表、宣传活动台账、"
            "公园公共活动、产品审批登记、消保审查台账",
        )
    ],
    "missing_required_column.csv": [
        (
            "missing_column",
            1,
            "未知的文件格式：最接近的是“投诉台账”（complaint_ledger），但第 1 行的表头中缺少必需的列，"
            "可用的列名：收到日期、收到投诉日期、收到投诉时间、收到时间、投诉日期、投诉时间",
        )
    ],
    "too_generic_header.csv": [
        (
            "unknown_layout",
            1,
            "未知的文件格式：第 1 行的列名太笼统，看不出是否为“投诉台账”；请使用更明确的列名",
        )
    ],
    "encrypted_workbook.xlsx": [("encrypted", None, "文件有密码保护，无法读取；请取消密码后再试")],
    "broken_workbook.xlsx": [
        ("unreadable", None, "工作簿已损坏或不完整，无法打开；请用 Excel 打开并另存后再试")
    ],
    "broken_legacy_workbook.xls": [
        ("unreadable", None, "工作簿已损坏或不完整，无法打开；请用 Excel 打开并另存后再试")
    ],
    "picture_named_csv.csv": [
        ("unreadable", None, "不是可以读取的表格或文本文件；请提供 xlsx、xls、xlsb、ods 或 csv")
    ],
    "wrong_encoding.csv": [
        (
            "unreadable",
            None,
            "文件的文字编码不是 UTF-8、GB18030 或 UTF-16，无法读取；请另存为 CSV UTF-8 后再试",
        )
    ],
    "truncated_in_quote.csv": [
        (
            "truncated",
            3,
            "从这一行开始的引号直到文件末尾都没有闭合，文件看来被截断了；请重新导出完整的文件",
        )
    ],
    "all_rows_bad.csv": [
        ("too_many_bad_rows", None, "全部 1 行都有问题，没有一行可以装载"),
        (
            "type_timestamp",
            2,
            "“收到日期”的值“2024-13-01”不是有效的日期时间，应写成 2024-03-05 或 2024-03-05 10:20:00",
        ),
    ],
}
# file: (rule, row, message) of each problem; the other rows load.
RETURNED_ROWS = {
    "ragged_row.csv": [
        ("row_shape", 3, "应有 5 列，实有 4 列；请检查这一行是否多了或少了分隔符"),
        ("row_shape", 4, "应有 5 列，实有 6 列；请检查这一行是否多了或少了分隔符"),
    ],
    "stray_quote.csv": [
        (
            "row_shape",
            3,
            "引号使用不规范：闭合的引号后面还有别的内容；请检查这一行的引号（单元格内的引号要写成两个）",
        )
    ],
    "bad_date.csv": [
        (
            "type_timestamp",
            3,
            "“收到日期”的值“05/03/2024”不是有效的日期时间，应写成 2024-03-05 或 2024-03-05 10:20:00",
        )
    ],
    "duplicate_key.csv": [
        ("duplicate_key", 2, "与第 3 行的“投诉编号”相同但内容不同，无法判断以哪一行为准"),
        ("duplicate_key", 3, "与第 2 行的“投诉编号”相同但内容不同，无法判断以哪一行为准"),
    ],
    "missing_id.csv": [("required_complaint_id", 3, "“投诉编号”为空，必须填写")],
    "scientific_id.csv": [
        (
            "scientific_notation",
            3,
            "“投诉编号”的值“4.40305E+17”已被 Excel 改成科学计数法，末几位丢失；请把该列设为文本后重新导出",
        )
    ],
    "decided_before_received.csv": [
        ("decided_after_received", 3, "处理决定日期“2024-03-09”早于收到日期")
    ],
    "received_in_future.csv": [("received_not_in_future", 3, "收到日期“2098-03-12”晚于今天")],
    "no_received_date.csv": [
        ("received_present", 3, "没有收到日期（受理日期也为空），无法计算处理时限")
    ],
    "ambiguous_flag.csv": [("type_boolean", 3, "“重复投诉”的值“2”既不是“是”也不是“否”")],
    "bad_amount.csv": [("type_decimal", 3, "“投诉金额(元)”的值“一百”不是数字")],
    "grade_instead_of_score.csv": [
        ("type_score", 3, "“成绩”的值“优秀”不是分数，应写成 85、90/100、缺考或免考")
    ],
    "negative_audience.csv": [("audience_not_negative", 3, "受众人次“-42”为负数")],
    "opinion_before_submission.csv": [
        ("opinion_after_submission", 3, "出具意见日期“2024-01-04”早于送审日期")
    ],
}
WARNED = {"total_disagrees.csv": [("total_mismatch", 3, "合计行写的是 3 件，实际读到 1 行")]}


@pytest.fixture(scope="module")
def bad_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """An installation into which every bad file was dropped, after one run."""
    desk = Desk(Home(tmp_path_factory.mktemp("bad")))
    for path in BAD.iterdir():
        desk.drop(path.name, path.read_bytes())
    desk.results = {result["file"]: result for result in desk.run()}
    return desk


def _problems(result: dict) -> list[tuple[str, int | None, str]]:
    return [(problem["rule"], problem["row"], problem["message"]) for problem in result["problems"]]


@pytest.mark.parametrize("name", REFUSED)
def test_fault_refuses_the_whole_file(bad_desk: Desk, name: str) -> None:
    result = bad_desk.results[name]
    assert result["status"] == "refused"
    assert _problems(result) == REFUSED[name]
    assert result["snapshot"] is None


@pytest.mark.parametrize("name", RETURNED_ROWS)
def test_fault_returns_the_row_and_loads_the_rest(bad_desk: Desk, name: str) -> None:
    result = bad_desk.results[name]
    assert result["status"] == "loaded"
    assert _problems(result) == RETURNED_ROWS[name]
    assert result["rows"]["quarantined"] == len(RETURNED_ROWS[name])


@pytest.mark.parametrize("name", WARNED)
def test_fault_is_only_a_warning(bad_desk: Desk, name: str) -> None:
    result = bad_desk.results[name]
    assert _problems(result) == WARNED[name]
    assert result["rows"]["quarantined"] == 0


def test_mostly_bad_file_is_refused_with_every_reason(bad_desk: Desk) -> None:
    result = bad_desk.results["mostly_bad_rows.csv"]
    assert result["status"] == "refused"
    assert result["problems"][0]["message"] == "25 行中有 20 行有问题，超过一半，整个文件退回"
    assert len(result["problems"]) == 21
    assert result["rows"]["quarantined"] == 25


def test_every_bad_file_is_expected_somewhere(bad_desk: Desk) -> None:
    expected = {*REFUSED, *RETURNED_ROWS, *WARNED, "mostly_bad_rows.csv"}
    assert {path.name for path in BAD.iterdir()} == expected == set(bad_desk.results)
    assert bad_desk.exit_code == 1


def test_refused_files_lie_beside_their_report(bad_desk: Desk) -> None:
    refused = {*REFUSED, "mostly_bad_rows.csv"}
    names = {path.name for path in bad_desk.home.returned.iterdir()}
    assert names == refused | {f"{name}.report.json" for name in refused}
    for name in refused:
        returned = bad_desk.home.returned / name
        assert returned.read_bytes() == (BAD / name).read_bytes()
        report = json.loads((bad_desk.home.returned / f"{name}.report.json").read_text("utf-8"))
        reasons = report.pop("reasons")
        assert report.pop("returned_at")
        assert report == bad_desk.results[name]
        assert len(reasons) == len(report["problems"])
    assert list(bad_desk.home.inbox.iterdir()) == []


def test_refused_files_leave_no_trace_in_the_lake(bad_desk: Desk) -> None:
    logged = {name for (name,) in bad_desk.ask("select file_name from lake.meta.batch")}
    assert logged == {*RETURNED_ROWS, *WARNED}


def test_verdict_of_great_expectations_and_split_agree(bad_desk: Desk) -> None:
    failed = bad_desk.ask(
        """
        select result.rule_id, result.failed_count, count(issue.source_row)
        from lake.meta.check_result as result
        left join lake.meta.row_issue as issue using (batch_id, rule_id)
        where not result.is_success
        group by all
        """
    )
    assert len(failed) >= 10
    assert all(stated == found > 0 for _, stated, found in failed)
