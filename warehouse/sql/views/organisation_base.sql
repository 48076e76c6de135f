-- What every sub-branch stood for in each delivered period: outlets, customers, staff, deposits.
-- A sub-branch's own row counts; only where it has none do the rows of its outlets, summed. Rows of
-- the whole branch or bank serve only where no row of a sub-branch or outlet was ever delivered.
create or replace view organisation_base as
with placed as (
    select
        base.*,
        coalesce(path.sub_branch, base.org_name) as sub_branch,
        coalesce(path.org_level, '支行') as level,
        coalesce(path.org_level, '支行') in ('支行', '网点') as is_part,
    from lake.core.organisation_denominator as base
    left join organisation_path as path on base.org_name = path.org_name
),

ranked as (
    select
        *,
        bool_or(is_part) over () as has_parts,
        dense_rank() over (
            partition by is_part, case when is_part then (sub_branch, period_start) end
            order by list_position(['支行', '网点', '分行', '总行'], level)
        ) as preference,
    from placed
)

select
    sub_branch,
    period_start,
    not is_part as is_whole,
    max(period_end) as period_end,
    sum(outlet_count) as outlet_count,
    sum(personal_customer_count) as personal_customer_count,
    sum(staff_count) as staff_count,
    sum(manager_count) as manager_count,
    sum(new_staff_count) as new_staff_count,
    sum(deposit_balance_yuan) as deposit_balance_yuan,
from ranked
where preference = 1 and (is_part or not has_parts)
group by all;
