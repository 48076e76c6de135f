-- One row per launch of what had to be reviewed, by the day of the launch.
create or replace view product_launch as
select
    concat_ws(':', launch.source, launch.launch_id) as row_key,
    launch.launched_date as event_date,
    coalesce(path.sub_branch, launch.org_name) as sub_branch,
    launch.org_name,
    launch.review_type,
    launch.category,
    launch.source,
    1 as launch_count,
    (launch.review_id is not null or coalesce(launch.is_reviewed_stated, false))::integer
        as reviewed_launch_count,
from lake.core.product_launch as launch
left join organisation_path as path on launch.org_name = path.org_name;
