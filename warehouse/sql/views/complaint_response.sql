-- Complaints by the day received, with the minutes until somebody first spoke to the complainant.
-- Midnight sharp is a date without a time of day: no minutes can be counted from it or to it.
create or replace view complaint_response as
select
    row_key,
    received_date as event_date,
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
    1 as responded_count,
    date_diff('second', received_at, first_response_at) / 60.0 as response_minutes,
    response_minutes as response_minutes_sum,
    (response_minutes <= 60)::integer as responded_within_hour_count,
from complaint_case
where
    first_response_at >= received_at
    and received_at::time <> time '00:00:00'
    and first_response_at::time <> time '00:00:00';
