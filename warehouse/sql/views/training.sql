-- One row per person and training session; who did not attend is listed and counts nothing.
create or replace view training as
with signed as (
    select
        attendance.*,
        coalesce(path.sub_branch, attendance.org_name) as sub_branch,
        coalesce(attendance.is_attended, false) as has_attended,
    from lake.core.training_attendance as attendance
    left join organisation_path as path on attendance.org_name = path.org_name
)

select
    concat_ws(':', source, training_name, held_date, person_key) as row_key,
    held_date as event_date,
    sub_branch,
    org_name,
    training_form,
    training_topic,
    staff_level,
    case when is_new_staff then '新员工' when not is_new_staff then '在岗员工' end as staff_group,
    post,
    source,
    person_key,
    concat_ws(':', source, training_name, held_date) as session_key,
    has_attended::integer as attendance_count,
    (has_attended and staff_level is not distinct from '中层以上管理人员')::integer
        as manager_attendance_count,
    (has_attended and coalesce(is_new_staff, false))::integer as new_staff_attendance_count,
    case when has_attended then coalesce(hours, 0) else 0 end as hours_sum,
from signed;
