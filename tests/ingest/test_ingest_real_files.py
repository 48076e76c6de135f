"""Every public extract ends as its publisher's description says."""

import shutil

import pytest

from tests.ingest.conftest import SHARED, Desk
from warehouse.home import Home

EXPECTED = {
    # file: contract, read, inserted, unchanged, quarantined, ignored
    "boston311_sla.csv": ("boston311", 100, 100, 0, 0, 0),
    # The same hundred requests; one row is a field too long.
    "boston311_ragged.tsv": ("boston311", 100, 0, 99, 1, 0),
    "car_complaints_gbk.csv": ("car_complaints", 600, 600, 0, 0, 0),
    "cfpb_complaints_2013_2015.csv": ("cfpb_complaints", 52_550, 52_550, 0, 0, 0),
    "cfpb_one_bank_2017_2023.xlsx": ("cfpb_one_bank", 62_516, 62_516, 0, 0, 0),
    "citizen_messages_zh.xlsx": ("citizen_messages", 2_816, 2_816, 0, 0, 0),
    "xlsx_bytes_named_xls.xls": ("citizen_messages", 123, 123, 0, 0, 0),
    "exam_two_sections.csv": ("exam_two_sections", 1_905, 1_905, 0, 0, 0),
    "park_events_2017_2023.csv": ("park_events", 7_373, 7_348, 0, 1, 24),
    "product_register_2019.xlsx": ("product_register", 1_644, 1_644, 0, 0, 0),
}


@pytest.fixture(scope="module")
def real_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """An installation into which every public extract was dropped, after one run."""
    folder = SHARED / "extracts"
    if not folder.exists():
        pytest.skip(f"public extracts are not available at {folder}")
    desk = Desk(Home(tmp_path_factory.mktemp("real")))
    desk.home.make_folders()
    for name in (*EXPECTED, "cfpb_truncated.csv"):
        shutil.copyfile(folder / name, desk.home.inbox / name)
    paths = [str(desk.home.inbox / name) for name in (*EXPECTED, "cfpb_truncated.csv")]
    desk.results = {result["file"]: result for result in desk.run(*paths)}
    return desk


@pytest.mark.parametrize("name", EXPECTED)
def test_extract_loads_as_described(real_desk, name):
    result = real_desk.results[name]
    contract, read, inserted, unchanged, quarantined, ignored = EXPECTED[name]
    assert result["contract"] == contract
    assert result["rows"] == {
        "read": read,
        "inserted": inserted,
        "updated": 0,
        "unchanged": unchanged,
        "quarantined": quarantined,
        "ignored": ignored,
    }


def test_truncated_upload_is_refused_where_the_cut_cell_starts(real_desk):
    result = real_desk.results["cfpb_truncated.csv"]
    assert (result["status"], result["contract"]) == ("refused", "cfpb_complaints")
    (problem,) = result["problems"]
    assert (problem["rule"], problem["row"]) == ("truncated", 2069)
    assert "截断" in problem["message"]


def test_ragged_row_is_named(real_desk):
    (problem,) = real_desk.results["boston311_ragged.tsv"]["problems"]
    assert (problem["row"], problem["message"]) == (
        41,
        "应有 29 列，实有 30 列；请检查这一行是否多了或少了分隔符",
    )


def test_foreign_timeliness_has_three_values(real_desk):
    assert real_desk.ask(
        "select source, is_timely_stated, count(*) from lake.core.complaint where source like 'cfpb%' group by all order by all"
    ) == [
        ("cfpb", False, 1_109),
        ("cfpb", True, 51_441),
        ("cfpb_one_bank", False, 2_403),
        ("cfpb_one_bank", True, 58_619),
        ("cfpb_one_bank", None, 1_494),
    ]


def test_foreign_names_stay_as_they_are_and_states_are_ours(real_desk):
    assert real_desk.ask(
        "select status, outcome, count(*) from lake.core.complaint where source = 'cfpb' group by all order by 3"
    ) == [
        ("Untimely response", "Untimely response", 158),
        ("已办结", "Closed", 1_233),
        ("已办结", "Closed with monetary relief", 3_511),
        ("已办结", "Closed with non-monetary relief", 7_427),
        ("已办结", "Closed with explanation", 40_221),
    ]


def test_citizen_messages_keep_their_handling_time(real_desk):
    ((median, longest),) = real_desk.ask(
        """
        select
            median(epoch(decided_at - received_at)) / 86400,
            floor(max(epoch(decided_at - received_at)) / 86400),
        from lake.core.complaint where source = 'citizen_messages' and decided_at is not null
        """
    )
    assert median == pytest.approx(11.2, abs=0.1)
    assert longest == 1_160
    assert real_desk.ask(
        "select count(*) from lake.core.complaint where source = 'citizen_messages' and status = '未提供'"
    ) == [(123,)]


def test_requests_carry_the_systems_own_limit_and_verdict(real_desk):
    assert real_desk.ask(
        "select is_timely_stated, count(*), count(closed_at) from lake.core.complaint where source = 'boston311' group by all order by 1"
    ) == [(False, 17, 5), (True, 83, 80)]


def test_exam_sections_become_rows_and_blanks_do_not(real_desk):
    assert real_desk.ask(
        "select section, count(*) from lake.core.exam_section_score group by all order by 1"
    ) == [
        ("course", 1_905 - 180),
        ("written", 1_905 - 202),
    ]
    assert real_desk.ask(
        "select attendance, count(*), count(score), count(distinct org_name) from lake.core.exam_result group by all"
    ) == [("参考", 1_905, 0, 73)]


def test_events_without_ids_get_stable_keys(real_desk):
    ((rows, keys, blank),) = real_desk.ask(
        "select count(*), count(distinct event_key), count_if(audience_count is null) from lake.core.outreach_event"
    )
    assert (rows, keys, blank) == (7_348, 7_348, 69)
    problems = real_desk.results["park_events_2017_2023.csv"]["problems"]
    assert [(p["rule"], p["value"]) for p in problems if p["rule"] != "numbered_repeat"] == [
        ("audience_not_negative", "-42"),
        ("duplicate_row", None),
    ]


def test_days_shifted_to_utc_are_whole_local_days_again(real_desk):
    assert real_desk.ask(
        "select opinion_date::varchar, launch_date::varchar, source_row from lake.core.review where review_id = 'EMEA/H/C/005039'"
    ) == [("2019-09-19", "2019-11-14", 10)]
    (note,) = real_desk.results["product_register_2019.xlsx"]["problems"]
    assert note["message"] == "工作表“Sheet1”没有装载"


def test_other_encodings_are_recorded(real_desk):
    assert real_desk.ask(
        "select encoding from lake.meta.batch where contract_id = 'car_complaints'"
    ) == [("gb18030",)]
    assert real_desk.ask(
        "select cause, org_name from lake.core.complaint where complaint_id = '482028'"
    ) == [("H93,H15,", "一汽马自达")]
