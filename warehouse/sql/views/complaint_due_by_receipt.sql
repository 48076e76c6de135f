-- Complaints by the day their time limit ended when every clock starts on the day of receipt,
-- forwarded cases too (CBIRC Order 2020 No. 3). A verdict that the source states has no clock.
create or replace view complaint_due_by_receipt as
with today as (
    select coverage_to as data_date,
    from data_date
    where entity = 'complaint'
),

due as (
    select
        complaint_case.*,
        complaint_case.received_date + complaint_case.limit_days as due_by_receipt,
    from complaint_case
    cross join today
    where
        not complaint_case.is_withdrawn
        and complaint_case.status is distinct from '不予受理'
        and complaint_case.is_ending_known
        and coalesce(complaint_case.dates_endings, true)
        and not coalesce(complaint_case.states_timeliness, false)
        and complaint_case.received_date + complaint_case.limit_days <= today.data_date
)

select
    row_key,
    due_by_receipt as event_date,
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
    1 as due_by_receipt_count,
    coalesce(ended_date <= due_by_receipt, false)::integer as timely_by_receipt_count,
from due;
