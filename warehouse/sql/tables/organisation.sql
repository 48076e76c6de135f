create table if not exists core.organisation (
    org_name varchar not null,
    org_code varchar,
    org_level varchar,
    parent_org_name varchar,
    opened_date date,
    closed_date date,
    display_order integer,
    batch_id varchar not null,
    source_sheet varchar,
    source_row bigint not null
);
comment on table core.organisation is '机构表：总行、分行、支行、网点及其上下级关系，每个机构一行';
comment on column core.organisation.org_name is '机构名称，业务主键';
comment on column core.organisation.org_code is '机构号';
comment on column core.organisation.org_level is '机构层级：总行、分行、支行、网点';
comment on column core.organisation.parent_org_name is '上级机构名称；总行为空';
comment on column core.organisation.opened_date is '开业日期';
comment on column core.organisation.closed_date is '撤并日期；在营为空';
comment on column core.organisation.display_order is '本行规定的排列顺序，小的在前';
comment on column core.organisation.batch_id is '装载批次';
comment on column core.organisation.source_sheet is '来源工作表；CSV 为空';
comment on column core.organisation.source_row is '来源行号（与 Excel 中所见一致）';
