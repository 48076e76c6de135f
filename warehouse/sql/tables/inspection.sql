create table if not exists core.inspection (
    source varchar not null,
    inspection_id varchar not null,
    org_name varchar not null,
    inspection_kind varchar,
    inspected_date date,
    batch_id varchar not null,
    source_sheet varchar,
    source_row bigint not null
);
comment on table core.inspection is '消保检查，每次检查每个受检机构一行；业务主键为来源系统、检查编号与受检机构';
comment on column core.inspection.source is '来源系统';
comment on column core.inspection.inspection_id is '检查编号';
comment on column core.inspection.org_name is '受检机构（网点、支行或部门，按来源所写）';
comment on column core.inspection.inspection_kind is '检查类型：内部检查、飞行检查、监管检查';
comment on column core.inspection.inspected_date is '检查日期';
comment on column core.inspection.batch_id is '装载批次';
comment on column core.inspection.source_sheet is '来源工作表；CSV 为空';
comment on column core.inspection.source_row is '来源行号（与 Excel 中所见一致）';
