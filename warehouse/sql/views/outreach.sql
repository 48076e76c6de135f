-- One row per outreach event, by the day it began. Audiences are person-times, never people.
create or replace view outreach as
select
    concat_ws(':', event.source, event.event_key) as row_key,
    event.start_at::date as event_date,
    coalesce(path.sub_branch, event.org_name) as sub_branch,
    event.org_name,
    event.campaign,
    event.topic,
    event.activity_form,
    event.source,
    1 as event_count,
    (event.audience_count is not null)::integer as audience_known_count,
    coalesce(event.audience_count, 0) as audience_sum,
    coalesce(event.staff_participation_count, 0) as staff_participation_sum,
    coalesce(event.leaflet_count, 0) as leaflet_sum,
    coalesce(event.elderly_audience_count, 0) as elderly_audience_sum,
    coalesce(event.youth_audience_count, 0) as youth_audience_sum,
    coalesce(event.disabled_audience_count, 0) as disabled_audience_sum,
    coalesce(event.new_resident_audience_count, 0) as new_resident_audience_sum,
    coalesce(event.article_count, 0) as article_sum,
    coalesce(event.read_count, 0) as read_sum,
from lake.core.outreach_event as event
left join organisation_path as path on event.org_name = path.org_name;
