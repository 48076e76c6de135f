-- For every organisation the sub-branch it belongs to (itself, when it is one).
create or replace view organisation_path as
with recursive climb as (
    select
        org_name,
        org_name as ancestor,
        org_level as ancestor_level,
        parent_org_name as next_parent,
        0 as steps,
    from lake.core.organisation

    union all

    select
        climb.org_name,
        parent.org_name,
        parent.org_level,
        parent.parent_org_name,
        climb.steps + 1 as steps,
    from climb
    inner join lake.core.organisation as parent on climb.next_parent = parent.org_name
    -- A wrong extract can make organisations each other's parents; four levels are enough.
    where climb.steps < 5 and climb.ancestor_level is distinct from '支行'
)

select
    organisation.org_name,
    organisation.org_level,
    coalesce(
        min(climb.ancestor) filter (where climb.ancestor_level = '支行'),
        organisation.org_name
    ) as sub_branch,
from lake.core.organisation as organisation
inner join climb on organisation.org_name = climb.org_name
group by organisation.org_name, organisation.org_level;
