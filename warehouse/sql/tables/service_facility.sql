create table if not exists core.service_facility (
    source varchar not null,
    facility_key varchar not null,
    org_name varchar,
    facility_kind varchar,
    unit_count bigint,
    started_date date,
    ended_date date,
    batch_id varchar not null,
    source_sheet varchar,
    source_row bigint not null
);
comment on table core.service_facility is '特殊群体服务设施，每个机构每类每次启用一行；业务主键为来源系统与设施标识';
comment on column core.service_facility.source is '来源系统';
comment on column core.service_facility.facility_key is '设施标识，由机构、设施类别、启用日期合成';
comment on column core.service_facility.org_name is '所在机构';
comment on column core.service_facility.facility_kind is '设施类别：爱心窗口、适老化网点、无障碍设施、无障碍智能柜员机等';
comment on column core.service_facility.unit_count is '数量（个、台）';
comment on column core.service_facility.started_date is '启用日期';
comment on column core.service_facility.ended_date is '停用日期；在用为空';
comment on column core.service_facility.batch_id is '装载批次';
comment on column core.service_facility.source_sheet is '来源工作表；CSV 为空';
comment on column core.service_facility.source_row is '来源行号（与 Excel 中所见一致）';
