create table if not exists core.product_launch (
    source varchar not null,
    launch_id varchar not null,
    launch_name varchar,
    org_name varchar,
    review_type varchar,
    category varchar,
    launched_date date,
    review_id varchar,
    is_reviewed_stated boolean,
    batch_id varchar not null,
    source_sheet varchar,
    source_row bigint not null
);
comment on table core.product_launch is '应当经消保审查的产品、服务和活动的上线事项，每项一行；业务主键为来源系统与上线编号';
comment on column core.product_launch.source is '来源系统';
comment on column core.product_launch.launch_id is '上线编号';
comment on column core.product_launch.launch_name is '产品、服务或活动名称';
comment on column core.product_launch.org_name is '主办机构或部门';
comment on column core.product_launch.review_type is '对应的审查类型';
comment on column core.product_launch.category is '业务类别（JR/T 0169 维度 B）,代码表不认识的值保留原名';
comment on column core.product_launch.launched_date is '上线日期';
comment on column core.product_launch.review_id is '消保审查的项目编号；空白表示没有写明';
comment on column core.product_launch.is_reviewed_stated is '来源自己写的是否经过消保审查';
comment on column core.product_launch.batch_id is '装载批次';
comment on column core.product_launch.source_sheet is '来源工作表；CSV 为空';
comment on column core.product_launch.source_row is '来源行号（与 Excel 中所见一致）';
