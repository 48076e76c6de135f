-- The last day that the loaded extracts of each entity cover: the "today" of every number.
create or replace view data_date as
select
    entity,
    min(coverage_from) as coverage_from,
    max(coverage_to) as coverage_to,
from lake.meta.batch
group by entity;
