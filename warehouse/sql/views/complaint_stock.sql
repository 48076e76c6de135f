-- Two movements per complaint: +1 on the day it was received, -1 on the day it ended.
-- A source that never says when a case ended cannot tell what was open on a given day.
create or replace view complaint_stock as
with movement as (
    select
        *,
        unnest([
            { 'event_date': received_date, 'open_change': 1 },
            { 'event_date': ended_date, 'open_change': -1 }
        ]) as change,
    from complaint_case
    where
        is_ending_known
        and coalesce(dates_endings, true)
        and (ended_date is not null or not is_ended)
)

select
    row_key,
    change.event_date as event_date,
    sub_branch,
    org_name,
    area,
    intake_channel,
    service_channel,
    category,
    product,
    cause,
    cause_detail,
    complaint_level,
    status,
    responsibility,
    special_group,
    customer_type,
    source,
    change.open_change as open_change,
from movement
where change.event_date is not null;
