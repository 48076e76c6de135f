create table if not exists core.organisation_denominator (
    org_name varchar not null,
    period_start date not null,
    period_end date not null,
    outlet_count bigint,
    personal_customer_count bigint,
    staff_count bigint,
    manager_count bigint,
    new_staff_count bigint,
    deposit_balance_yuan decimal(20, 2),
    batch_id varchar not null,
    source_sheet varchar,
    source_row bigint not null
);
comment on table core.organisation_denominator is '机构基数：每个机构每期的网点数、个人客户数、员工数等，业务主键为机构与期初日期';
comment on column core.organisation_denominator.org_name is '机构名称';
comment on column core.organisation_denominator.period_start is '期初日期';
comment on column core.organisation_denominator.period_end is '期末日期';
comment on column core.organisation_denominator.outlet_count is '期末营业网点数（家）';
comment on column core.organisation_denominator.personal_customer_count is '期末个人客户数（户）';
comment on column core.organisation_denominator.staff_count is '期末在岗员工数（人）';
comment on column core.organisation_denominator.manager_count is '期末中层以上管理人员数（人）';
comment on column core.organisation_denominator.new_staff_count is '期末新员工数（人，入职未满一年）';
comment on column core.organisation_denominator.deposit_balance_yuan is '期末各项存款余额（元）';
comment on column core.organisation_denominator.batch_id is '装载批次';
comment on column core.organisation_denominator.source_sheet is '来源工作表；CSV 为空';
comment on column core.organisation_denominator.source_row is '来源行号（与 Excel 中所见一致）';
