-- For every organisation the sub-branch it belongs to (itself, when it is one).
-- Of the four levels an outlet is at most two steps below a sub-branch, so plain joins reach it.
create or replace view organisation_path as
select
    organisation.org_name,
    organisation.org_level,
    case
        when organisation.org_level = '支行' then organisation.org_name
        when parent.org_level = '支行' then parent.org_name
        when grandparent.org_level = '支行' then grandparent.org_name
        else organisation.org_name
    end as sub_branch,
from lake.core.organisation as organisation
left join lake.core.organisation as parent on organisation.parent_org_name = parent.org_name
left join lake.core.organisation as grandparent on parent.parent_org_name = grandparent.org_name;
