-- Two movements per facility: in on the day it was put into use, out on the day it ended.
-- What is to end after the data date is still there.
-- Windows, elderly-friendly and barrier-free outlets count once per row, machines by their number.
create or replace view service_facility as
with movement as (
    select
        concat_ws(':', facility.source, facility.facility_key) as row_key,
        coalesce(path.sub_branch, facility.org_name) as sub_branch,
        facility.org_name,
        facility.facility_kind,
        facility.source,
        coalesce(facility.unit_count, 1) as unit_count,
        unnest([
            { 'event_date': facility.started_date, 'sign': 1 },
            { 'event_date': facility.ended_date, 'sign': -1 }
        ]) as change,
    from lake.core.service_facility as facility
    left join organisation_path as path on facility.org_name = path.org_name
    where facility.started_date is not null
),

reached as (
    select movement.*,
    from movement
    inner join data_date
        on
            data_date.entity = 'service_facility'
            and movement.change.event_date <= data_date.coverage_to
)

select
    row_key,
    change.event_date as event_date,
    sub_branch,
    org_name,
    facility_kind,
    source,
    case when facility_kind = '爱心窗口' then change.sign else 0 end as care_window_change,
    case when facility_kind = '适老化网点' then change.sign else 0 end as elderly_friendly_change,
    case when facility_kind = '无障碍设施' then change.sign else 0 end as barrier_free_change,
    case when facility_kind = '无障碍智能柜员机' then change.sign * unit_count else 0 end
        as accessible_machine_change,
from reached;
