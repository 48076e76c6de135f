"""A big complaint ledger for measuring, in the shape of the branch's own."""

import sys
from pathlib import Path

import duckdb

_SQL = """
copy (
    with drawn as (
        select
            range as n,
            date '2021-01-01' + (hash(range * 7) % 1800)::integer as received,
            (hash(range * 13) % 100) as luck,
            (abs(hash(range * 17)::hugeint) % 16)::integer as days,
        from range($rows)
    )

    select
        'T' || lpad(n::varchar, 9, '0') as 投诉编号,
        strftime(received, '%Y-%m-%d') as 收到日期,
        case when luck < 96 then strftime(received + days, '%Y-%m-%d') end
            as "回复投诉人/作出处理决定日期",
        case when luck < 96 then '已办结' else '处理中' end as 工单状态,
        '第' || (1 + hash(n * 3) % 60) || '支行' as 被投诉机构,
        list_extract(['客服热线', '营业网点现场', '监管转办', '12345市民热线', '其他'],
            1 + (hash(n * 5) % 5)::integer) as 投诉受理渠道,
        list_extract(['营业现场', '移动客户端', '中后台', '自助机具'],
            1 + (hash(n * 11) % 4)::integer) as 投诉业务办理渠道,
        list_extract(['信用卡', '借记卡', '贷款', '支付结算', '人民币储蓄', '自营理财', '其他'],
            1 + (hash(n * 19) % 7)::integer) as 投诉业务类别,
        list_extract(['因定价收费引起的投诉', '服务态度', '业务系统', '合同条款', '信息披露'],
            1 + (hash(n * 23) % 5)::integer) as 投诉原因,
        case when luck % 16 = 0 then '是' else '否' end as 重复投诉,
        case when luck % 11 = 0 then '是' else '否' end as 监管转办,
        '否' as 是否延期,
        list_extract(['非常满意', '满意', '基本满意', '不满意', ''],
            1 + (hash(n * 29) % 5)::integer) as 总体满意度,
        '客户' || (n % 997) as 投诉人姓名,
        '客户来电反映第' || n || '笔业务,要求核实并回复,联系电话1390000' || lpad((n % 10000)::varchar, 4, '0')
            as 投诉内容,
    from drawn
) to '{path}' (header, delimiter ',')
"""


def write_ledger(path: Path, rows: int) -> None:
    """A UTF-8 CSV ledger of that many complaints, about 190 bytes a row; the same for each size."""
    # DuckDB takes no parameters in COPY … TO.
    target = path.as_posix().replace("'", "''")
    duckdb.connect().execute(_SQL.replace("{path}", target), {"rows": rows})


if __name__ == "__main__":
    write_ledger(Path(sys.argv[1]), int(sys.argv[2]))
