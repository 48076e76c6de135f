-- One row per inspection and inspected organisation, by the day of the inspection.
-- The bank's own unannounced inspections are internal ones too.
create or replace view inspection as
with found as (
    select
        source,
        inspection_id,
        org_name,
        count(*) as issue_count,
    from lake.core.inspection_issue
    group by source, inspection_id, org_name
),

-- Of an organisation that the register does not list only the name tells what it is.
placed as (
    select
        held.*,
        coalesce(path.sub_branch, held.org_name) as sub_branch,
        coalesce(
            path.org_level = '网点',
            regexp_matches(held.org_name, '营业部$')
            or not regexp_matches(held.org_name, '(总行|分行|部|部门|办公室|中心)$')
        ) as is_outlet,
    from lake.core.inspection as held
    left join organisation_path as path on held.org_name = path.org_name
)

select
    concat_ws(':', placed.source, placed.inspection_id, placed.org_name) as row_key,
    placed.inspected_date as event_date,
    placed.sub_branch,
    placed.org_name,
    placed.inspection_kind,
    placed.source,
    case when placed.is_outlet then placed.org_name end as inspected_outlet,
    1 as inspection_count,
    coalesce(placed.inspection_kind in ('内部检查', '飞行检查'), false)::integer
        as internal_inspection_count,
    (placed.inspection_kind is not distinct from '监管检查')::integer
        as regulatory_inspection_count,
    coalesce(found.issue_count, 0) as issue_count,
from placed
left join found
    on
        placed.source = found.source
        and placed.inspection_id = found.inspection_id
        and placed.org_name = found.org_name;
