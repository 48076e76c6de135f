create table if not exists core.inspection_issue (
    source varchar not null,
    inspection_id varchar not null,
    org_name varchar not null,
    issue_no varchar not null,
    issue_masked varchar,
    issue_category varchar,
    due_date date,
    rectified_date date,
    rectification_status varchar,
    batch_id varchar not null,
    source_sheet varchar,
    source_row bigint not null
);
comment on table core.inspection_issue is '检查发现的问题，每个一行；业务主键为来源系统、检查编号、受检机构与问题序号';
comment on column core.inspection_issue.source is '来源系统';
comment on column core.inspection_issue.inspection_id is '检查编号';
comment on column core.inspection_issue.org_name is '受检机构';
comment on column core.inspection_issue.issue_no is '问题序号；来源没有序号时按出现次序编号';
comment on column core.inspection_issue.issue_masked is '发现的问题，个人信息已遮蔽';
comment on column core.inspection_issue.issue_category is '问题类别，来源所写';
comment on column core.inspection_issue.due_date is '整改期限';
comment on column core.inspection_issue.rectified_date is '整改完成日期';
comment on column core.inspection_issue.rectification_status is '整改状态：未整改、整改中、已整改';
comment on column core.inspection_issue.batch_id is '装载批次';
comment on column core.inspection_issue.source_sheet is '来源工作表；CSV 为空';
comment on column core.inspection_issue.source_row is '来源行号（与 Excel 中所见一致）';
