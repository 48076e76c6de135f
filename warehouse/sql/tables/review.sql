create table if not exists core.review (
    source varchar not null,
    review_id varchar not null,
    review_type varchar,
    category varchar,
    subject_name varchar,
    org_name varchar,
    submitted_date date,
    accepted_date date,
    opinion_date date,
    launch_date date,
    stage varchar,
    conclusion varchar,
    is_first_pass boolean,
    issue_count integer,
    rectified_count integer,
    batch_id varchar not null,
    source_sheet varchar,
    source_row bigint not null
);
comment on table core.review is '消保审查项目，每项一行；业务主键为来源系统与项目编号';
comment on column core.review.source is '来源系统';
comment on column core.review.review_id is '项目编号';
comment on column core.review.review_type is '审查类型';
comment on column core.review.category is '业务类别（JR/T 0169 维度 B）,代码表不认识的值保留原名；不涉及某类业务时为空';
comment on column core.review.subject_name is '送审的产品、服务或活动名称';
comment on column core.review.org_name is '送审单位';
comment on column core.review.submitted_date is '送审日期';
comment on column core.review.accepted_date is '受理日期';
comment on column core.review.opinion_date is '出具意见日期';
comment on column core.review.launch_date is '上线日期';
comment on column core.review.stage is '当前状态';
comment on column core.review.conclusion is '审查结论';
comment on column core.review.is_first_pass is '是否一次通过';
comment on column core.review.issue_count is '发现问题数（个）';
comment on column core.review.rectified_count is '已整改问题数（个）';
comment on column core.review.batch_id is '装载批次';
comment on column core.review.source_sheet is '来源工作表；CSV 为空';
comment on column core.review.source_row is '来源行号（与 Excel 中所见一致）';
