-- One row per checked item of a policy, by the day of the check.
create or replace view policy_check as
select
    concat_ws(':', held.source, held.check_key) as row_key,
    held.checked_date as event_date,
    coalesce(path.sub_branch, held.org_name) as sub_branch,
    held.org_name,
    held.policy_name,
    held.source,
    (held.is_executed is not null)::integer as policy_item_count,
    coalesce(held.is_executed, false)::integer as policy_executed_count,
from lake.core.policy_check as held
left join organisation_path as path on held.org_name = path.org_name;
