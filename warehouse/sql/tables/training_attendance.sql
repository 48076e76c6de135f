create table if not exists core.training_attendance (
    source varchar not null,
    training_name varchar not null,
    training_topic varchar,
    training_form varchar,
    held_date date not null,
    org_name varchar,
    person_key varchar not null,
    post varchar,
    staff_level varchar,
    is_new_staff boolean,
    hours decimal(9, 2),
    is_attended boolean,
    batch_id varchar not null,
    source_sheet varchar,
    source_row bigint not null
);
comment on table core.training_attendance is '消保培训签到，每人每场一行；业务主键为来源系统、培训名称、培训日期与人员标识';
comment on column core.training_attendance.source is '来源系统';
comment on column core.training_attendance.training_name is '培训名称';
comment on column core.training_attendance.training_topic is '培训主题，代码表不认识的值保留原名';
comment on column core.training_attendance.training_form is '培训形式：线上课程、线下研讨、案例教学、集中授课等';
comment on column core.training_attendance.held_date is '培训日期';
comment on column core.training_attendance.org_name is '参训人员所在机构';
comment on column core.training_attendance.person_key is '人员标识，由工号加密得到，不可还原；与考试成绩中的同一人相同';
comment on column core.training_attendance.post is '岗位';
comment on column core.training_attendance.staff_level is '人员层级：中层以上管理人员、基层员工';
comment on column core.training_attendance.is_new_staff is '是否新员工';
comment on column core.training_attendance.hours is '学时';
comment on column core.training_attendance.is_attended is '是否参加；来源没有签到列时视为参加，签到列空白时不知道';
comment on column core.training_attendance.batch_id is '装载批次';
comment on column core.training_attendance.source_sheet is '来源工作表；CSV 为空';
comment on column core.training_attendance.source_row is '来源行号（与 Excel 中所见一致）';
