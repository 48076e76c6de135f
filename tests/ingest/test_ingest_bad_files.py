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
            "未知的文件格式：前几行中没有找到认识的表头；可以装载的有：城市服务请求、大事记、汽车投诉、"
            "CFPB 投诉数据、CFPB 单家银行投诉数据、网民留言、投诉台账、双录质检台账、考试成绩、两部分考试成绩、"
            "检查整改台账、机构基数表、机构表、宣传活动台账、公园公共活动、制度执行检查表、上线事项清单、产品审批登记、"
            "消保审查台账、特殊群体服务设施台账、培训签到台账；新的来源要先加一份合约",
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
            "未知的文件格式：第 1 行的列名太笼统，看不出是否为“投诉台账”；"
            "请使用更明确的列名，如“投诉编号”",
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
        (
            "unreadable",
            None,
            "文件内容是“图片（PNG）”，不能作为表格读取；请提供 xlsx、xls、xlsb、ods 或 csv",
        )
    ],
    "pdf_named_xlsx.xlsx": [
        (
            "unreadable",
            None,
            "文件内容是“PDF 文档”，不能作为表格读取；请提供 xlsx、xls、xlsb、ods 或 csv",
        )
    ],
    "word_document.xlsx": [
        (
            "unreadable",
            None,
            "文件内容是“Word 文档”，不能作为表格读取；请提供 xlsx、xls、xlsb、ods 或 csv",
        )
    ],
    "dbf_named_csv.csv": [
        (
            "unreadable",
            None,
            "文件内容是“DBF 数据库文件”，不能作为表格读取；请用 Excel 或 WPS 打开后另存为 xlsx 再放入",
        )
    ],
    "sylk_named_xls.xls": [
        (
            "unreadable",
            None,
            "文件内容是“SYLK 文件”，不能作为表格读取；请用 Excel 或 WPS 打开后另存为 xlsx 再放入",
        )
    ],
    "web_archive.xls": [
        (
            "unreadable",
            None,
            "文件内容是“网页归档（MHTML）”，不能作为表格读取；请用 Excel 或 WPS 打开后另存为 xlsx 再放入",
        )
    ],
    "plain_archive.xlsx": [
        (
            "unreadable",
            None,
            "文件内容是压缩包（ZIP），里面有 2 个文件；请解压后把表格文件单独放入",
        )
    ],
    "zip_bomb.xlsx": [
        (
            "too_large",
            None,
            "工作簿解压后约有 3.0 GB，为防止耗尽内存没有打开；"
            "请删除多余的空白行列和工作表，或另存为 CSV 后再放入",
        )
    ],
    "protected_legacy_workbook.xls": [
        ("encrypted", None, "文件有密码保护，无法读取；请取消密码后再试")
    ],
    "page_without_table.xls": [
        (
            "unreadable",
            None,
            "这是网页（HTML），里面没有表格；请用 Excel 打开并另存为 xlsx 后再试",
        )
    ],
    "broken_spreadsheet_xml.xls": [
        (
            "unreadable",
            None,
            "文件名是表格，内容是网页或 XML，而且不完整；请用 Excel 打开并另存为 xlsx 后再试",
        )
    ],
    "control_characters.csv": [
        ("unreadable", None, "不是可以读取的表格或文本文件；请提供 xlsx、xls、xlsb、ods 或 csv")
    ],
    "damaged_utf8.csv": [
        (
            "unreadable",
            4,
            "文件是 UTF-8 编码，但这一行有不合规的字节，可能被截断、损坏或由不同编码的文件拼接而成；"
            "请重新导出",
        )
    ],
    "joined_encodings.csv": [
        (
            "unreadable",
            3,
            "文件是 UTF-8 编码，但这一行有不合规的字节，可能被截断、损坏或由不同编码的文件拼接而成；"
            "请重新导出",
        )
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
            "“收到日期”的值“05/03/2024”有两种读法（2024-03-05 或 2024-05-03），不能确定是哪一天，"
            "没有猜测；应写成年-月-日的样子，如 2024-03-05",
        )
    ],
    "ambiguous_date.csv": [
        (
            "type_timestamp",
            3,
            "“收到日期”的值“01/02/2026”有两种读法（2026-02-01 或 2026-01-02），不能确定是哪一天，"
            "没有猜测；应写成年-月-日的样子，如 2024-03-05",
        ),
        (
            "type_timestamp",
            4,
            "“收到日期”的值“13/02/2026”没有按年-月-日书写，看来是 2026-02-13，但没有猜测；"
            "应写成 2026-02-13",
        ),
    ],
    "two_digit_year.csv": [
        (
            "type_timestamp",
            3,
            "“收到日期”的值“1-2-26”有三种读法（2026-02-01、2026-01-02 或 2001-02-26），"
            "不能确定是哪一天，没有猜测；应写成年-月-日的样子，如 2024-03-05",
        )
    ],
    "impossible_date.csv": [
        (
            "type_timestamp",
            row,
            f"“收到日期”的值“{value}”不是有效的日期时间，应写成 2024-03-05 或 2024-03-05 10:20:00",
        )
        for row, value in ((3, "2023-02-29"), (4, "2024年2月30日"))
    ],
    "time_of_another_zone.csv": [
        (
            "type_timestamp",
            row,
            f"“收到日期”的值“{value}”不是有效的日期时间，应写成 2024-03-05 或 2024-03-05 10:20:00",
        )
        for row, value in ((3, "2024-03-04T16:00:00Z"), (4, "2024-03-05 24:00:00"))
    ],
    "digits_lost.csv": [
        (
            "digits_lost",
            row,
            f"“投诉编号”的值“9{row - 2}03051990010{row - 2}000”超过 15 位而末尾全是 0，"
            "该列其他长编号也都如此，看来已被 Excel 截去末几位；请把该列设为文本后从系统重新导出",
        )
        for row in (3, 4, 5)
    ],
    "failed_formula.csv": [
        (
            "failed_formula",
            3,
            "“投诉编号”的值“#REF!”是公式出错的结果，不是编号；请改正公式后重新导出",
        ),
        ("type_decimal", 4, "“投诉金额(元)”的值“#DIV/0!”不是数字"),
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
    "rewritten_id.csv": [
        (
            "identifier_rewritten",
            2,
            "“投诉编号”的值“2024-03-01 00:00:00”像是被 Excel 改成了日期、数字格式或公式，"
            "不是原来的编号；请把该列设为文本后从系统重新导出",
        ),
        (
            "identifier_rewritten",
            3,
            "“投诉编号”的值“Mar-24”像是被 Excel 改成了日期、数字格式或公式，"
            "不是原来的编号；请把该列设为文本后从系统重新导出",
        ),
        (
            "identifier_rewritten",
            4,
            "“投诉编号”的值“3月5日”像是被 Excel 改成了日期、数字格式或公式，"
            "不是原来的编号；请把该列设为文本后从系统重新导出",
        ),
        (
            "identifier_rewritten",
            5,
            "“投诉编号”的值“1,234,567”像是被 Excel 改成了日期、数字格式或公式，"
            "不是原来的编号；请把该列设为文本后从系统重新导出",
        ),
        (
            "identifier_rewritten",
            6,
            "“投诉编号”的值“=A1+B2”像是被 Excel 改成了日期、数字格式或公式，"
            "不是原来的编号；请把该列设为文本后从系统重新导出",
        ),
        (
            "identifier_rewritten",
            7,
            "“投诉编号”的值“'00124'”像是被 Excel 改成了日期、数字格式或公式，"
            "不是原来的编号；请把该列设为文本后从系统重新导出",
        ),
        (
            "identifier_rewritten",
            8,
            "“投诉编号”的值“########”像是被 Excel 改成了日期、数字格式或公式，"
            "不是原来的编号；请把该列设为文本后从系统重新导出",
        ),
        (
            "identifier_rewritten",
            9,
            "“投诉编号”的值“1001.0”像是被 Excel 改成了日期、数字格式或公式，"
            "不是原来的编号；请把该列设为文本后从系统重新导出",
        ),
    ],
    "placeholder_id.csv": [
        (
            "identifier_none",
            3,
            "“投诉编号”的值“待补”不是编号；请填写业务系统的编号",
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
HELD = {
    "total_disagrees.csv": [
        (
            "total_disagrees",
            None,
            "合计与明细不符：第 3 行，合计行写的是 3 件，实际读到 1 行；"
            "核对后运行 python -m ingest --confirm total_disagrees.csv，或在“上传”页确认",
        )
    ]
}


@pytest.fixture(scope="module")
def bad_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """An installation into which every bad file was dropped, after one run."""
    desk = Desk(Home(tmp_path_factory.mktemp("bad")))
    desk.wants_organisations = True
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
    # Some of these files are about one column and have none of organisations.
    found = [problem for problem in _problems(result) if problem[0] != "no_organisation"]
    assert found == RETURNED_ROWS[name]
    assert result["rows"]["quarantined"] == len(RETURNED_ROWS[name])


@pytest.mark.parametrize("name", HELD)
def test_doubtful_file_waits_for_a_confirmation(bad_desk: Desk, name: str) -> None:
    result = bad_desk.results[name]
    assert (result["status"], _problems(result)) == ("held", HELD[name])
    assert set(result["rows"].values()) == {0}
    assert (bad_desk.home.inbox / name).exists()


def test_mostly_bad_file_is_refused_with_every_reason(bad_desk: Desk) -> None:
    result = bad_desk.results["mostly_bad_rows.csv"]
    assert result["status"] == "refused"
    assert result["problems"][0]["message"] == "25 行中有 20 行有问题，超过一半，整个文件退回"
    assert len(result["problems"]) == 21
    assert result["rows"]["quarantined"] == 25


def test_every_bad_file_is_expected_somewhere(bad_desk: Desk) -> None:
    expected = {*REFUSED, *RETURNED_ROWS, *HELD, "mostly_bad_rows.csv"}
    assert {path.name for path in BAD.iterdir()} == expected == set(bad_desk.results)
    assert bad_desk.exit_code == 1


def test_refused_files_lie_beside_their_report(bad_desk: Desk) -> None:
    refused = {*REFUSED, "mostly_bad_rows.csv"}
    names = {path.name for path in bad_desk.home.returned.iterdir()}
    slips = {name for name in names if name.startswith("退回单_")}
    assert names - slips == refused | {f"{name}.report.json" for name in refused}
    # Whatever went back, whole or in part, has its workbook.
    assert len(slips) == len(refused | set(RETURNED_ROWS))
    for name in refused:
        returned = bad_desk.home.returned / name
        assert returned.read_bytes() == (BAD / name).read_bytes()
        report = json.loads((bad_desk.home.returned / f"{name}.report.json").read_text("utf-8"))
        reasons = report.pop("reasons")
        assert report.pop("returned_at")
        assert report.pop("slip").removeprefix("ingest/returned/") in slips
        assert report.pop("submitted_by")
        assert report.pop("replays_sha256") is None
        assert report == bad_desk.results[name]
        assert len(reasons) == len(report["problems"])
    assert {path.name for path in bad_desk.home.inbox.iterdir()} == set(HELD)


def test_refused_files_leave_no_trace_in_the_lake(bad_desk: Desk) -> None:
    logged = {name for (name,) in bad_desk.ask("select file_name from lake.meta.batch")}
    assert logged == set(RETURNED_ROWS)


def test_verdict_of_great_expectations_and_split_agree(bad_desk: Desk) -> None:
    failed = bad_desk.ask(
        """
        select
            result.batch_id, result.rule_id, result.failed_count, count(issue.source_row),
        from lake.meta.check_result as result
        left join lake.meta.row_issue as issue using (batch_id, rule_id)
        where not result.is_success
        group by all
        """
    )
    assert len(failed) >= 10
    assert all(stated == found > 0 for _, _, stated, found in failed)


NOTHING = ["NaN", "nan", "\\N", "(null)", "null", "NULL", "None", "N/A", "#N/A", "NaT"]


@pytest.mark.parametrize("word", NOTHING)
def test_words_of_systems_for_nothing_are_no_names(desk: Desk, word) -> None:
    rows = "投诉编号,收到日期,被投诉机构,投诉原因,投诉金额(元),办结日期\n"
    desk.load("台账.csv", f"{rows}A1,2024-03-05,{word},{word},{word},{word}\n")
    found = "select org_name, cause, claim_amount_yuan, closed_at from lake.core.complaint"
    assert desk.ask(found) == [(None, None, None, None)]


def test_a_failed_formula_is_no_name(desk: Desk) -> None:
    rows = "投诉编号,收到日期,被投诉机构,投诉原因,投诉内容\n"
    rows += "A1,2024-03-05,#REF!,#NAME?,#VALUE!\nA2,2024-03-05,城东支行,服务态度,#1 柜台\n"
    result = desk.load("台账.csv", rows)
    assert [(p["row"], p["column"]) for p in result["problems"] if p["rule"] == "failed_formula"]
    found = "select org_name, cause, content_masked from lake.core.complaint order by complaint_id"
    assert desk.ask(found)[0] == (None, None, None)
    assert desk.ask(found)[1][2] == "#1 柜台"


def test_a_failed_formula_in_a_required_name_returns_the_row(desk: Desk) -> None:
    rows = "机构,统计月份,营业网点数\n城东支行,2024-03,6\n#REF!,2024-04,5\n,2024-05,5\n"
    result = desk.load("基数.csv", rows)
    assert result["rows"]["quarantined"] == 2
    assert "failed_formula" in {p["rule"] for p in result["problems"] if p["row"] == 3}


@pytest.mark.parametrize("word", ["None", "-"])
def test_a_word_for_nothing_does_not_repeat_the_name_above(desk: Desk, word) -> None:
    rows = f"机构,统计月份,营业网点数\n城东支行,2024-03,6\n,2024-04,5\n{word},2024-04,5\n"
    result = desk.load("基数.csv", rows)
    assert [(p["row"], p["rule"]) for p in result["problems"]] == [
        (4, "required_org_name"),
        (None, "filled_down"),
    ]


@pytest.mark.parametrize(
    "header",
    [
        "投诉编号，收到日期，被投诉机构，投诉来源",
        '"投诉编号,收到日期,被投诉机构,投诉来源"',
        "投诉编号 收到日期 被投诉机构",
    ],
)
def test_a_header_that_is_not_split_into_columns_is_said_to_be_so(desk: Desk, header):
    (problem,) = desk.load("a.csv", f"{header}\nA1\n")["problems"]
    assert (problem["rule"], problem["row"]) == ("unknown_layout", 1)
    assert "整行在一个单元格里" in problem["message"]


@pytest.mark.parametrize(
    "header", ["name,score", "bank,formal_cases,referral_rate_pct,source", "姓名,班级,语文,数学"]
)
def test_no_contract_is_called_close_for_a_column_of_chance(desk: Desk, header):
    (problem,) = desk.load("a.csv", f"{header}\n" + ",".join("1" * (header.count(",") + 1)))[
        "problems"
    ]
    assert "没有找到认识的表头" in problem["message"]


def test_the_title_tells_which_contract_a_table_of_general_columns_is_close_to(desk: Desk):
    rows = [
        ["消费者投诉明细"],
        ["编号", "日期", "网点", "来源"],
        ["1", "2024-03-01", "城东", "柜面"],
    ]
    desk.drop_rows("a.xlsx", rows)
    (result,) = desk.run()
    assert ["投诉台账" in p["message"] for p in result["problems"]] == [True]


def test_the_title_that_is_no_column_is_named_rather_than_a_date_beside_it(desk: Desk):
    rows = [
        ["一季度考试成绩表"],
        ["考试日期：2024-03-20"],
        ["工号", "机构", "成绩"],
        ["1", "城东", 9],
    ]
    desk.drop_rows("a.xlsx", rows)
    (result,) = desk.run()
    (problem,) = result["problems"]
    assert "表头上方的“一季度考试成绩表”不能代替这一列" in problem["message"]
