"""The branch's own ledgers, in the shapes in which they really arrive."""

import io

import openpyxl

from tests.ingest.conftest import Desk

HEADER = "投诉编号,收到日期,被投诉机构,业务类别"


def messages(result: dict) -> list[str]:
    return [problem["message"] for problem in result["problems"]]


def test_ledger_with_one_classification_column_loads(desk: Desk) -> None:
    result = desk.load("台账.csv", "工单号,登记日期,业务类别\nA1,2024-03-05,信用卡\n")
    assert (result["status"], result["contract"], result["entity"]) == (
        "loaded",
        "complaint_ledger",
        "complaint",
    )
    assert result["rows"] == {
        "read": 1,
        "inserted": 1,
        "updated": 0,
        "unchanged": 0,
        "quarantined": 0,
        "ignored": 0,
    }
    assert desk.exit_code == 0
    assert desk.ask(
        "select source, complaint_id, category, status, received_at::date::varchar from lake.core.complaint"
    ) == [("branch_ledger", "A1", "信用卡", "未提供", "2024-03-05")]


def test_title_rows_footers_and_two_level_header_in_gb18030(desk: Desk) -> None:
    text = (
        "2024年一季度投诉台账,,,,,\n"
        "统计期间:2024年1月1日至2024年3月31日,,,,,\n"
        "投诉基本情况,,,投诉处理情况,,\n"
        "序号,工单号,投诉受理日期,办结日期,投诉业务类别,投诉金额(万元)\n"
        '1,A1,2024年3月5日,2024.3.8,信用卡,"1,234.5"\n'
        "2,A2,20240306,2024/3/9 10:05,借记卡,0.5\n"
        ",,,,,\n"
        "合计,2,,,,\n"
        "制表人:张三,,,审核:李四,,\n"
    )
    result = desk.load("台账.csv", text, encoding="gb18030")
    assert result["rows"] == {
        "read": 5,
        "inserted": 2,
        "updated": 0,
        "unchanged": 0,
        "quarantined": 0,
        "ignored": 3,
    }
    assert desk.ask(
        "select complaint_id, received_at::varchar, closed_at::varchar, claim_amount_yuan::double, source_row "
        "from lake.core.complaint order by 1"
    ) == [
        ("A1", "2024-03-05 00:00:00", "2024-03-08 00:00:00", 12345000.0, 5),
        ("A2", "2024-03-06 00:00:00", "2024-03-09 10:05:00", 5000.0, 6),
    ]
    assert desk.ask(
        "select header_row, encoding, coverage_from::varchar, coverage_to::varchar from lake.meta.batch"
    ) == [(4, "gb18030", "2024-01-01", "2024-03-31")]
    assert desk.ask("select source_row, rule_id from lake.meta.row_issue order by 1") == [
        (7, "blank_row"),
        (8, "footer_row"),
        (9, "footer_row"),
    ]


def test_names_and_phone_columns_are_never_stored(desk: Desk) -> None:
    desk.load(
        "台账.csv",
        "投诉编号,收到日期,投诉人姓名,预留电话,投诉内容,业务类别\n"
        "A1,2024-03-05,王小明,13812345621,请回电１３８１２３４５６２１,贷款\n",
    )
    assert desk.ask("select content_masked from lake.core.complaint") == [("请回电138****5621",)]
    everything = str(desk.ask("from lake.core.complaint")) + str(
        desk.ask("from lake.meta.row_issue")
    )
    assert "王小明" not in everything
    assert "13812345621" not in everything


def test_ambiguous_channel_header_is_decided_by_its_values(desk: Desk) -> None:
    desk.load(
        "a.csv", "投诉编号,收到日期,投诉渠道\nA1,2024-03-05,手机银行\nA2,2024-03-05,营业场所\n"
    )
    desk.load("b.csv", "投诉编号,收到日期,投诉渠道\nB1,2024-03-05,客服热线\nB2,2024-03-05,信访\n")
    desk.load("c.csv", "投诉编号,收到日期,投诉渠道\nC1,2024-03-05,12378\nC2,2024-03-05,12345热线\n")
    assert desk.ask(
        "select complaint_id, service_channel, intake_channel from lake.core.complaint order by 1"
    ) == [
        ("A1", "移动客户端", None),
        ("A2", "营业现场", None),
        ("B1", None, "客服热线"),
        ("B2", None, "信访"),
        ("C1", None, "金融监管总局/12378转办"),
        ("C2", None, "12345市民热线"),
    ]


def test_ambiguous_channel_is_left_out_beside_both_clear_ones(desk: Desk) -> None:
    result = desk.load(
        "a.csv",
        "投诉编号,收到日期,投诉受理渠道,投诉业务办理渠道,投诉渠道\nA1,2024-03-05,信访,营业现场,手机银行\n",
    )
    assert [p["rule"] for p in result["problems"]] == ["column_ambiguous"]
    assert desk.ask("select intake_channel, service_channel from lake.core.complaint") == [
        ("信访", "营业现场")
    ]


def test_received_falls_back_to_accepted(desk: Desk) -> None:
    desk.load(
        "a.csv",
        "投诉编号,收到日期,受理日期,业务类别\nA1,,2024-03-06,贷款\nA2,2024-03-01,2024-03-06,贷款\n",
    )
    assert desk.ask(
        "select complaint_id, received_at::date::varchar from lake.core.complaint order by 1"
    ) == [
        ("A1", "2024-03-06"),
        ("A2", "2024-03-01"),
    ]


def test_codes_are_canonical_and_unknown_values_keep_their_name(desk: Desk) -> None:
    result = desk.load(
        "a.csv",
        "投诉编号,收到日期,投诉原因,业务类别,是否有责,投诉等级\n"
        "A1,2024-03-05,因金融機構管理制度、業務規則與流程引起的投訴,信用卡,是,重大\n"
        "A2,2024-03-05,收费定价, 对公账户 ,否,普通\n",
    )
    assert desk.ask(
        "select cause, category, responsibility, complaint_level from lake.core.complaint order by complaint_id"
    ) == [
        ("管理制度、业务规则与流程", "信用卡", "有责", "重大投诉"),
        ("定价收费", "对公账户", "无责", "普通投诉"),
    ]
    assert result["problems"] == [
        {
            "row": 3,
            "column": "业务类别",
            "value": "对公账户",
            "rule": "code_unknown",
            "message": "“业务类别”的值“对公账户”不在代码表中，已按原名装载",
        }
    ]


def test_bad_rows_are_returned_with_every_reason_and_the_rest_loads(desk: Desk) -> None:
    result = desk.load(
        "a.csv",
        "投诉编号,收到日期,回复日期,重复投诉,业务类别\n"
        "A1,2024-03-05,2024-03-08,是,贷款\n"
        "A2,2024-13-05,2024-03-08,2,贷款\n"
        "A3,2024-03-05,2024-03-01,否,贷款\n"
        ",2024-03-05,,否,贷款\n"
        "A5,2099-01-01,,否,贷款\n",
    )
    assert result["rows"] == {
        "read": 5,
        "inserted": 1,
        "updated": 0,
        "unchanged": 0,
        "quarantined": 4,
        "ignored": 0,
    }
    assert [
        (p["row"], p["column"], p["value"], p["rule"], p["message"]) for p in result["problems"]
    ] == [
        (
            3,
            "收到日期",
            "2024-13-05",
            "type_timestamp",
            "“收到日期”的值“2024-13-05”不是有效的日期时间，应写成 2024-03-05 或 2024-03-05 10:20:00",
        ),
        (3, "重复投诉", "2", "type_boolean", "“重复投诉”的值“2”既不是“是”也不是“否”"),
        (
            4,
            "回复日期",
            "2024-03-01",
            "decided_after_received",
            "处理决定日期“2024-03-01”早于收到日期",
        ),
        (5, "投诉编号", None, "required_complaint_id", "“投诉编号”为空，必须填写"),
        (6, "收到日期", "2099-01-01", "received_not_in_future", "收到日期“2099-01-01”晚于今天"),
    ]
    assert desk.exit_code == 0


def test_duplicates_are_ignored_and_conflicts_returned(desk: Desk) -> None:
    result = desk.load(
        "a.csv",
        "序号,投诉编号,收到日期,业务类别\n1,A1,2024-03-05,贷款\n2,A1,2024-03-05,贷款\n"
        "3,A2,2024-03-05,贷款\n4,A2,2024-03-06,贷款\n5,A3,2024-03-06,贷款\n",
    )
    assert result["rows"] == {
        "read": 5,
        "inserted": 2,
        "updated": 0,
        "unchanged": 0,
        "quarantined": 2,
        "ignored": 1,
    }
    assert messages(result) == [
        "与第 5 行的“投诉编号”相同但内容不同，无法判断以哪一行为准",
        "与第 4 行的“投诉编号”相同但内容不同，无法判断以哪一行为准",
        "有 1 行与前面的行在装载的各列完全相同，没有再装载：第 3 行同第 2 行；如果是不同的记录，"
        "请补上能区分它们的列（编号、时间或地点）后重新提交",
    ]
    assert desk.ask(
        "select source_row, message from lake.meta.row_issue where disposition = 'ignored'"
    ) == [(3, "与第 2 行重复（装载的各列完全相同）")]


def test_new_column_is_reported_with_the_closest_known_name(desk: Desk) -> None:
    result = desk.load(
        "a.csv", "投诉编号,收到日期,业务类别,被投诉的机构\nA1,2024-03-05,贷款,甲支行\n"
    )
    assert result["status"] == "loaded"
    assert messages(result) == [
        "新列“被投诉的机构”不在合约中，没有装载；最接近的已知列名是“被投诉机构”",
    ]


def test_exam_scores_in_every_spelling(desk: Desk) -> None:
    desk.drop_rows(
        "成绩.xlsx",
        [
            ["2024年消保考试成绩表"],
            [
                "机构/部门",
                "工号",
                "姓名",
                "岗位",
                "考试名称",
                "考试日期",
                "成绩",
                "法律法规板块(40分)",
                "实务操作部分得分",
                "缺考原因",
            ],
            [
                "甲支行",
                "00123",
                "张三",
                "柜员",
                "一季度考试",
                "2024-03-05",
                "85分",
                "35",
                "50",
                None,
            ],
            [
                "甲支行",
                "00124",
                "李四",
                "柜员",
                "一季度考试",
                "2024-03-05",
                "45/50",
                "30",
                None,
                None,
            ],
            [
                "乙支行",
                "00125",
                "王五",
                "经理",
                "一季度考试",
                "2024-03-05",
                "缺考",
                None,
                None,
                "病假",
            ],
            [
                "乙支行",
                "00126",
                "赵六",
                "经理",
                "一季度考试",
                "2024-03-05",
                "优秀",
                None,
                None,
                None,
            ],
            [
                "乙支行",
                "00127",
                "钱七",
                "经理",
                "一季度考试",
                "2024-03-05",
                None,
                None,
                None,
                "出差",
            ],
            ["乙支行", "00128", "孙八", "经理", "一季度考试", "2024-03-05", None, None, None, None],
            [
                "乙支行",
                "00129",
                "周九",
                "经理",
                "一季度考试",
                "2024-03-05",
                "免考",
                None,
                None,
                None,
            ],
        ],
    )
    (result,) = desk.run()
    assert result["contract"] == "exam_scores"
    assert result["rows"] == {
        "read": 7,
        "inserted": 5,
        "updated": 0,
        "unchanged": 0,
        "quarantined": 2,
        "ignored": 0,
    }
    assert [(p["row"], p["message"]) for p in result["problems"]] == [
        (6, "“成绩”的值“优秀”不是分数，应写成 85、90/100、缺考或免考"),
        (8, "成绩为空；请填分数、缺考或免考"),
    ]
    assert desk.ask(
        "select source_row, attendance, score::double, full_score::double from lake.core.exam_result order by 1"
    ) == [
        (3, "参考", 85.0, 100.0),
        (4, "参考", 45.0, 50.0),
        (5, "缺考", None, 100.0),
        (7, "缺考", None, 100.0),
        (9, "免考", None, 100.0),
    ]
    assert desk.ask(
        "select source_row, section, score::double, full_score::double from lake.core.exam_section_score order by 1, 2"
    ) == [(3, "实务操作", 50.0, None), (3, "法律法规", 35.0, 40.0), (4, "法律法规", 30.0, 40.0)]
    keys = {key for (key,) in desk.ask("select person_key from lake.core.exam_result")}
    assert len(keys) == 5
    assert all(len(key) == 16 for key in keys)
    assert "张三" not in str(desk.ask("from lake.core.exam_result"))
    secret = desk.home.root / "ingest" / "person_key.secret"
    assert secret.stat().st_mode & 0o777 == 0o600


def test_marks_without_a_day_are_named(desk: Desk) -> None:
    undated = desk.load("成绩.csv", "考试名称,工号,成绩\n二季度,10001,85\n二季度,10002,90\n")
    assert [p["rule"] for p in undated["problems"]] == ["exam_has_date", "exam_has_date"]
    assert "不计入任何期间" in undated["problems"][0]["message"]
    assert undated["rows"]["inserted"] == 2


def test_review_opinions_share_one_case_and_merged_cells_are_filled(desk: Desk) -> None:
    desk.drop_rows(
        "审查.xlsx",
        [
            [
                "项目编号",
                "审查类型",
                "产品/活动名称",
                "送审单位",
                "申请时间",
                "出具意见日期",
                "审查意见",
                "是否采纳",
                "结论",
            ],
            [
                "SC-2024-0001",
                "新产品立项",
                "甲产品",
                "零售部",
                "2024-01-02",
                "2024-01-05",
                "补充风险提示",
                "是",
                "修改后同意",
            ],
            [None, None, None, None, None, None, "调整字号", "否", None],
            ["SC-2024-0002", "营销活动", "乙活动", "零售部", "2024-01-03", None, None, None, None],
            [
                "SC-2024-0003",
                "定价",
                "丙产品",
                "零售部",
                "2024-02-03",
                "2024-02-01",
                "意见",
                "部分",
                "通过",
            ],
        ],
    )
    (result,) = desk.run()
    assert result["rows"] == {
        "read": 4,
        "inserted": 3,
        "updated": 0,
        "unchanged": 0,
        "quarantined": 1,
        "ignored": 0,
    }
    assert [p["rule"] for p in result["problems"]] == ["opinion_after_submission", "filled_down"]
    assert desk.ask(
        "select review_id, review_type, opinion_date::varchar, conclusion from lake.core.review order by 1"
    ) == [
        ("SC-2024-0001", "新产品立项", "2024-01-05", "修改后同意"),
        ("SC-2024-0002", "营销活动立项", None, None),
    ]
    assert desk.ask(
        "select review_id, opinion_no, opinion_masked, adoption from lake.core.review_opinion order by 1, 2"
    ) == [
        ("SC-2024-0001", "1", "补充风险提示", "采纳"),
        ("SC-2024-0001", "2", "调整字号", "未采纳"),
    ]


def test_outreach_counts_in_every_spelling(desk: Desk) -> None:
    result = desk.load(
        "宣传.csv",
        "机构,活动名称,开始日期,活动地点,受众人次,发放资料份数,阅读量\n"
        "甲支行,进社区,2024-03-15,甲社区,约200人次,5000余份,1.2万\n"
        ',进校园,2024-03-16,乙校,200+,"1,200",\n'
        "乙支行,进企业,2024-03-17,丙厂,1.2万,300份,0\n"
        "乙支行,厅堂,2024-03-18,网点,150,,\n"
        "乙支行,厅堂,2024-03-19,网点,许多,,\n",
    )
    assert result["rows"]["quarantined"] == 1
    assert desk.ask(
        "select org_name, audience_count, is_audience_estimated, leaflet_count, read_count "
        "from lake.core.outreach_event order by start_at"
    ) == [
        ("甲支行", 200, True, 5000, 12000),
        ("甲支行", 200, True, 1200, None),
        ("乙支行", 12000, True, 300, 0),
        ("乙支行", 150, False, None, None),
    ]


def test_organisations_and_denominators(desk: Desk) -> None:
    desk.drop(
        "机构.csv", "机构名称,机构号,机构层级,上级机构\n总行,001,总行,\n甲支行,0021,一级支行,总行\n"
    )
    desk.drop(
        "基数.csv",
        "机构,统计月份,营业网点数,个人客户数,员工数\n甲支行,2024年3月,12,1.5万,88\n甲支行,2024-02,12,14800,88\n合计,,24,,\n",
    )
    results = {result["entity"]: result for result in desk.run()}
    assert results["organisation"]["rows"]["inserted"] == 2
    assert results["organisation_denominator"]["rows"]["ignored"] == 1
    assert desk.ask(
        "select org_name, org_code, org_level, parent_org_name from lake.core.organisation order by 2"
    ) == [
        ("总行", "001", "总行", None),
        ("甲支行", "0021", "支行", "总行"),
    ]
    assert desk.ask(
        "select period_start::varchar, period_end::varchar, outlet_count, personal_customer_count "
        "from lake.core.organisation_denominator order by 1"
    ) == [("2024-02-01", "2024-02-29", 12, 14800), ("2024-03-01", "2024-03-31", 12, 15000)]


def test_other_sheets_of_the_same_kind_load_too(desk: Desk) -> None:
    path = desk.drop_rows(
        "月.xlsx",
        [
            ["工单号", "投诉受理日期", "被投诉机构"],
            ["1", 45356, "甲支行"],
            ["制表人：张三", None, None],
        ],
        sheet="1月",
    )
    book = openpyxl.load_workbook(path)
    second = book.create_sheet("2月")
    second.append(["工单号", "投诉受理日期", "被投诉机构"])
    second.append(["2", "2024-02-01", "乙支行"])
    book.save(path)
    (result,) = desk.run()
    assert messages(result) == []
    assert desk.ask(
        "select source_sheet, received_at::varchar from lake.core.complaint order by 1"
    ) == [("1月", "2024-03-05 00:00:00"), ("2月", "2024-02-01 00:00:00")]
    assert desk.ask("select message from lake.meta.row_issue") == [
        ("合计行或表尾行，以“制表”开头",)
    ]


CALLS = ["投诉工单号", "工单类型", "受理时间", "所属机构"]


def test_calls_that_are_no_complaints_are_left_out_and_named(desk: Desk) -> None:
    kinds = ["投诉", "咨询", "02-表扬类", "业务咨询", "投诉举报", "举报", "信用卡", "", "咨询"]
    rows = [[f"K{i}", kind, "2026-05-01 09:00", "城东支行"] for i, kind in enumerate(kinds)]
    desk.drop_rows("客服.xlsx", [CALLS, *rows, ["合计", 9]])
    (result,) = desk.run()
    assert (result["rows"]["inserted"], result["rows"]["ignored"]) == (5, 5)
    assert [(p["row"], p["rule"], p["message"]) for p in result["problems"]] == [
        (
            None,
            "other_kind",
            "有 4 行按“工单类型”不属于投诉台账，没有装载：“咨询”2 行、“02-表扬类”1 行、“业务咨询”1 行；"
            "如果其中有属于的，请改正它们的“工单类型”后重新提交",
        ),
        (7, "may_be_complaint", "类型为“举报”，已按投诉装载；如果不是投诉，请删除该行"),
    ]
    loaded = desk.ask("select complaint_id from lake.core.complaint order by 1")
    assert [key for (key,) in loaded] == ["K0", "K4", "K5", "K6", "K7"]
    issues = desk.ask(
        "select source_row, message from lake.meta.row_issue where rule_id = 'other_kind'"
    )
    assert (3, "“咨询”不是投诉台账中的一类，没有装载") in issues


def test_calls_of_which_none_is_a_complaint_go_back_with_their_kinds(desk: Desk) -> None:
    rows = [[f"K{i}", "咨询", "2026-05-01 09:00", "城东支行"] for i in range(30)]
    desk.drop_rows("客服.xlsx", [CALLS, *rows])
    (result,) = desk.run()
    assert result["status"] == "refused"
    assert (result["rows"]["read"], result["rows"]["ignored"]) == (30, 30)
    assert (
        "有 30 行按“工单类型”不属于投诉台账，没有一行可以装载" in result["problems"][0]["message"]
    )


def test_a_row_in_disorder_is_no_call_of_another_kind(desk: Desk) -> None:
    desk.drop(
        "a.csv",
        "投诉编号,收到日期,机构,投诉内容,工单类型\nT1,2026-03-05,城东支行,多次来电,咨询,投诉\n"
        "T2,2026-03-05,城东支行,服务慢,'咨询\nT3,2026-03-05,城东支行,服务慢,投诉\n",
    )
    (result,) = desk.run()
    rows = result["rows"]
    assert (rows["inserted"], rows["quarantined"], rows["ignored"]) == (1, 1, 1)
    assert [p["rule"] for p in result["problems"]] == ["row_shape", "other_kind"]


def test_a_case_that_was_loaded_before_it_was_called_a_consultation_is_named(desk: Desk) -> None:
    for name, kind in (("a", "投诉"), ("b", "咨询")):
        desk.drop_rows(
            f"{name}.xlsx",
            [
                CALLS,
                ["K1", kind, "2026-05-01 09:00", "城东支行"],
                ["K2", "投诉", "2026-05-01", "城东支行"],
            ],
        )
    results = desk.run()
    assert "其中 1 行以前装载过，仍在计数" in results[1]["problems"][0]["message"]


def test_a_sheet_of_consultations_alone_leaves_the_file_as_it_is(desk: Desk) -> None:
    book = openpyxl.Workbook()
    for sheet, kind in (("1月", "投诉"), ("2月", "咨询")):
        page = book.create_sheet(sheet)
        for row in (CALLS, [f"{sheet}1", kind, "2026-05-01 09:00", "城东支行"]):
            page.append(row)
    book.remove(book.worksheets[0])
    content = io.BytesIO()
    book.save(content)
    for status in ("loaded", "unchanged"):
        result = desk.load("客服.xlsx", content.getvalue())
        assert result["status"] == status
        assert [table["status"] for table in result["tables"]] == [status, "unchanged"]
        assert result["tables"][1]["rows"]["ignored"] == 1
