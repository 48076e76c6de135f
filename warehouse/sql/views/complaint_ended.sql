-- Complaints by the day they ended (decision told, else closed, else withdrawn).
create or replace view complaint_ended as
select
    row_key,
    ended_date as event_date,
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
    1 as ended_count,
    handling_days,
    handling_days as handling_days_sum,
from complaint_case
where ended_date is not null and handling_days >= 0;
