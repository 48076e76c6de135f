create table if not exists core.complaint (
    source varchar not null,
    complaint_id varchar not null,
    received_at timestamp,
    accepted_at timestamp,
    forwarded_at timestamp,
    first_response_at timestamp,
    decided_at timestamp,
    closed_at timestamp,
    withdrawn_at timestamp,
    dates_endings boolean,
    extension_days integer,
    is_extension_approved boolean,
    stated_due_at timestamp,
    states_timeliness boolean,
    is_timely_stated boolean,
    org_name varchar,
    area varchar,
    intake_channel varchar,
    service_channel varchar,
    category varchar,
    product varchar,
    cause varchar,
    cause_detail varchar,
    complaint_level varchar,
    status varchar,
    outcome varchar,
    is_repeat boolean,
    is_forwarded boolean,
    is_escalated boolean,
    is_disputed boolean,
    responsibility varchar,
    is_resolved_at_first_contact boolean,
    satisfaction varchar,
    satisfaction_efficiency varchar,
    satisfaction_solution varchar,
    special_group varchar,
    customer_type varchar,
    complainant_count integer,
    claim_amount_yuan decimal(18, 2),
    subject_masked varchar,
    content_masked varchar,
    reply_masked varchar,
    batch_id varchar not null,
    source_sheet varchar,
    source_row bigint not null
);
comment on table core.complaint is '消费投诉，每件一行；业务主键为来源系统与投诉编号';
comment on column core.complaint.source is '来源系统：编号只在同一来源系统内唯一';
comment on column core.complaint.complaint_id is '投诉编号（工单号）';
comment on column core.complaint.received_at is '收到投诉的时间；处理时限自收到之日起算（自然日）';
comment on column core.complaint.accepted_at is '受理时间';
comment on column core.complaint.forwarded_at is '收到监管部门转办的时间';
comment on column core.complaint.first_response_at is '首次联系投诉人的时间';
comment on column core.complaint.decided_at is '回复投诉人/作出处理决定的时间，时限以此日为止';
comment on column core.complaint.closed_at is '办结时间；没有处理决定时间时以此日为止';
comment on column core.complaint.withdrawn_at is '撤诉时间，处理程序于收到撤诉之日终止';
comment on column core.complaint.dates_endings is '来源是否有办结类日期；为否时不知道何时办结，不能推算某一时点的未办结数';
comment on column core.complaint.extension_days is '经批准的延长期限（天）';
comment on column core.complaint.is_extension_approved is '延期是否已按规定批准';
comment on column core.complaint.stated_due_at is '来源系统自己给出的办理期限';
comment on column core.complaint.states_timeliness is '来源是否自行判定及时与否；是则以来源为准，不按日期推算';
comment on column core.complaint.is_timely_stated is '来源系统自己给出的是否及时；空白表示既非是也非否';
comment on column core.complaint.org_name is '被投诉机构名称（网点或支行，按来源所写）';
comment on column core.complaint.area is '投诉人所在地区';
comment on column core.complaint.intake_channel is '投诉受理渠道（投诉从哪里来）,不属于 JR/T 0169 的三个维度';
comment on column core.complaint.service_channel is '业务办理渠道（JR/T 0169 维度 A）';
comment on column core.complaint.category is '业务类别（JR/T 0169 维度 B）,代码表不认识的值保留原名';
comment on column core.complaint.product is '具体产品，来源所写';
comment on column core.complaint.cause is '投诉原因（JR/T 0169 维度 C）,代码表不认识的值保留原名';
comment on column core.complaint.cause_detail is '更细的投诉原因，来源所写';
comment on column core.complaint.complaint_level is '投诉等级：普通、复杂、重大';
comment on column core.complaint.status is '处理状态';
comment on column core.complaint.outcome is '处理结果';
comment on column core.complaint.is_repeat is '是否重复投诉（同一人同一事项）';
comment on column core.complaint.is_forwarded is '是否监管转办';
comment on column core.complaint.is_escalated is '是否升级投诉';
comment on column core.complaint.is_disputed is '投诉人对处理结果是否有异议';
comment on column core.complaint.responsibility is '责任认定：有责、部分有责、无责';
comment on column core.complaint.is_resolved_at_first_contact is '是否首次接触即解决';
comment on column core.complaint.satisfaction is '总体满意度评价';
comment on column core.complaint.satisfaction_efficiency is '对处理效率的满意度评价';
comment on column core.complaint.satisfaction_solution is '对解决方案的满意度评价';
comment on column core.complaint.special_group is '特殊群体：老年人、残障人士等';
comment on column core.complaint.customer_type is '客户类型';
comment on column core.complaint.complainant_count is '投诉人数（人）';
comment on column core.complaint.claim_amount_yuan is '投诉金额（元）';
comment on column core.complaint.subject_masked is '投诉主题，个人信息已遮蔽';
comment on column core.complaint.content_masked is '投诉内容，个人信息已遮蔽';
comment on column core.complaint.reply_masked is '答复内容，个人信息已遮蔽';
comment on column core.complaint.batch_id is '装载批次';
comment on column core.complaint.source_sheet is '来源工作表；CSV 为空';
comment on column core.complaint.source_row is '来源行号（与 Excel 中所见一致）';
