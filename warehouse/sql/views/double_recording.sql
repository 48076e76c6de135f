-- One row per sale, by the day of the sale; a blank is neither recorded nor missing.
create or replace view double_recording as
select
    concat_ws(':', sale.source, sale.recording_id) as row_key,
    sale.sold_date as event_date,
    coalesce(path.sub_branch, sale.org_name) as sub_branch,
    sale.org_name,
    sale.product_type,
    sale.source,
    (coalesce(sale.is_required, true) and sale.is_recorded is not null)::integer
        as required_count,
    (coalesce(sale.is_required, true) and coalesce(sale.is_recorded, false))::integer
        as recorded_count,
    (sale.is_qualified is not null)::integer as sampled_count,
    coalesce(sale.is_qualified, false)::integer as qualified_count,
from lake.core.double_recording as sale
left join organisation_path as path on sale.org_name = path.org_name;
