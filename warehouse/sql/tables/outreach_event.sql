create table if not exists core.outreach_event (
    source varchar not null,
    event_key varchar not null,
    event_name varchar,
    org_name varchar,
    campaign varchar,
    topic varchar,
    activity_form varchar,
    place varchar,
    start_at timestamp,
    end_at timestamp,
    staff_participation_count bigint,
    leaflet_count bigint,
    audience_count bigint,
    is_audience_estimated boolean,
    audience_groups varchar,
    elderly_audience_count bigint,
    youth_audience_count bigint,
    disabled_audience_count bigint,
    new_resident_audience_count bigint,
    article_count bigint,
    read_count bigint,
    media_name varchar,
    batch_id varchar not null,
    source_sheet varchar,
    source_row bigint not null
);
comment on table core.outreach_event is '宣传教育活动，每场一行；业务主键为来源系统与活动标识';
comment on column core.outreach_event.source is '来源系统';
comment on column core.outreach_event.event_key is '活动标识：来源的活动编号，没有编号时由机构、名称、时间、地点合成';
comment on column core.outreach_event.event_name is '活动名称';
comment on column core.outreach_event.org_name is '举办机构';
comment on column core.outreach_event.campaign is '所属集中宣传活动，如 3·15、金融教育宣传周';
comment on column core.outreach_event.topic is '宣传主题';
comment on column core.outreach_event.activity_form is '活动形式';
comment on column core.outreach_event.place is '活动地点';
comment on column core.outreach_event.start_at is '开始时间';
comment on column core.outreach_event.end_at is '结束时间';
comment on column core.outreach_event.staff_participation_count is '参与员工（人次）';
comment on column core.outreach_event.leaflet_count is '发放资料（份）';
comment on column core.outreach_event.audience_count is '受众（人次）,同一人参加多场重复计算';
comment on column core.outreach_event.is_audience_estimated is '受众人次是否为估计数（约、余、+ 等写法）';
comment on column core.outreach_event.audience_groups is '受众群体，来源所写';
comment on column core.outreach_event.elderly_audience_count is '其中老年人（人次）';
comment on column core.outreach_event.youth_audience_count is '其中青少年（人次）';
comment on column core.outreach_event.disabled_audience_count is '其中残障人士（人次）';
comment on column core.outreach_event.new_resident_audience_count is '其中新市民（人次）';
comment on column core.outreach_event.article_count is '推送篇数（篇）';
comment on column core.outreach_event.read_count is '阅读量（次）';
comment on column core.outreach_event.media_name is '媒体名称';
comment on column core.outreach_event.batch_id is '装载批次';
comment on column core.outreach_event.source_sheet is '来源工作表；CSV 为空';
comment on column core.outreach_event.source_row is '来源行号（与 Excel 中所见一致）';
