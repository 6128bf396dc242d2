import type { HandoffReason, PromiseKind, Status, StatusCause, SurveyKind } from '../../conversation/conversation.ts';

/** The languages transcripts are written in. */
export type TranscriptLocale = 'zh-Hans' | 'zh-Hant' | 'en';

/** All that a transcript says itself. */
export type TranscriptLabels = {
  readonly title: string;
  readonly conversation: string;
  readonly channel: string;
  readonly customer: string;
  readonly status: string;
  readonly begun: string;
  readonly timeZone: string;
  readonly roles: Readonly<Record<'customer' | 'bot' | 'agent' | 'system', string>>;
  readonly statuses: Readonly<Record<Status, string>>;
  readonly note: string;
  readonly file: string;
  readonly choices: string;
  readonly colon: string;
  readonly reasons: Readonly<Record<HandoffReason, string>>;
  /** `name` is the agent's; null where it is nobody. */
  readonly causes: Readonly<Record<StatusCause, (name: string | null) => string>>;
  readonly verdict: (articleId: string, helpful: boolean) => string;
  readonly rating: (survey: SurveyKind, score: number) => string;
  readonly promises: Readonly<Record<PromiseKind, string>>;
  readonly changes: {
    readonly routed: string;
    readonly promise_at_risk: (promise: string) => string;
    readonly promise_broken: (promise: string) => string;
    readonly snoozed: string;
    readonly woken: string;
    readonly merged: (conversationId: string) => string;
  };
  /** Where nothing was said. */
  readonly empty: string;
};

const zhHans: TranscriptLabels = {
  title: '会话记录',
  conversation: '会话编号',
  channel: '渠道',
  customer: '客户',
  status: '状态',
  begun: '开始时间',
  timeZone: '时区',
  roles: { customer: '客户', bot: '机器人', agent: '坐席', system: '系统' },
  statuses: { bot: '机器人接待', queued: '排队中', assigned: '接待中', resolved: '已解决' },
  note: '内部备注',
  file: '附件',
  choices: '选项',
  colon: '：',
  reasons: {
    customer_request: '客户要求人工',
    no_match: '没有找到答案',
    low_confidence: '把握不够',
    ambiguous: '问题有歧义',
    repeated_failure: '连续没答上',
    negative_sentiment: '客户不满意',
    sensitive_topic: '敏感话题',
    bot_error: '机器人出错',
  },
  causes: {
    handoff: () => '机器人转人工',
    claim: (name) => `${name ?? '坐席'} 接入会话`,
    assign: (name) => `会话分配给 ${name ?? '坐席'}`,
    takeover: (name) => `${name ?? '坐席'} 接管会话`,
    transfer: (name) => (name === null ? '会话转接' : `会话转接给 ${name}`),
    return: () => '会话交还机器人',
    dropped: (name) => `${name ?? '坐席'} 离线，会话回到队首`,
    cancel: () => '客户取消排队',
    reopen: () => '客户再次来访，会话重新开启',
    resolve: (name) => (name === null ? '会话结束' : `${name} 结束会话`),
    merge: () => '会话并入另一个会话',
  },
  verdict: (articleId, helpful) => `对文章 ${articleId} 的评价：${helpful ? '有帮助' : '没有帮助'}`,
  rating: (survey, score) => `客户评分（${survey.toUpperCase()}）：${score}`,
  promises: { first_response: '首次响应', next_response: '后续响应', resolution: '解决' },
  changes: {
    routed: '分组或优先级已调整',
    promise_at_risk: (promise) => `${promise}时限将至`,
    promise_broken: (promise) => `${promise}超时`,
    snoozed: '会话已搁置',
    woken: '会话恢复处理',
    merged: (conversationId) => `并入会话 ${conversationId}`,
  },
  empty: '这个会话还没有内容。',
};

const zhHant: TranscriptLabels = {
  title: '會話紀錄',
  conversation: '會話編號',
  channel: '管道',
  customer: '客戶',
  status: '狀態',
  begun: '開始時間',
  timeZone: '時區',
  roles: { customer: '客戶', bot: '機器人', agent: '坐席', system: '系統' },
  statuses: { bot: '機器人接待', queued: '排隊中', assigned: '接待中', resolved: '已解決' },
  note: '內部備註',
  file: '附件',
  choices: '選項',
  colon: '：',
  reasons: {
    customer_request: '客戶要求真人',
    no_match: '沒有找到答案',
    low_confidence: '把握不夠',
    ambiguous: '問題有歧義',
    repeated_failure: '連續沒答上',
    negative_sentiment: '客戶不滿意',
    sensitive_topic: '敏感話題',
    bot_error: '機器人出錯',
  },
  causes: {
    handoff: () => '機器人轉真人',
    claim: (name) => `${name ?? '坐席'} 接入會話`,
    assign: (name) => `會話分配給 ${name ?? '坐席'}`,
    takeover: (name) => `${name ?? '坐席'} 接管會話`,
    transfer: (name) => (name === null ? '會話轉接' : `會話轉接給 ${name}`),
    return: () => '會話交還機器人',
    dropped: (name) => `${name ?? '坐席'} 離線，會話回到隊首`,
    cancel: () => '客戶取消排隊',
    reopen: () => '客戶再次來訪，會話重新開啟',
    resolve: (name) => (name === null ? '會話結束' : `${name} 結束會話`),
    merge: () => '會話併入另一個會話',
  },
  verdict: (articleId, helpful) => `對文章 ${articleId} 的評價：${helpful ? '有幫助' : '沒有幫助'}`,
  rating: (survey, score) => `客戶評分（${survey.toUpperCase()}）：${score}`,
  promises: { first_response: '首次回應', next_response: '後續回應', resolution: '解決' },
  changes: {
    routed: '群組或優先順序已調整',
    promise_at_risk: (promise) => `${promise}時限將至`,
    promise_broken: (promise) => `${promise}逾時`,
    snoozed: '會話已擱置',
    woken: '會話恢復處理',
    merged: (conversationId) => `併入會話 ${conversationId}`,
  },
  empty: '這個會話還沒有內容。',
};

const en: TranscriptLabels = {
  title: 'Transcript',
  conversation: 'Conversation',
  channel: 'Channel',
  customer: 'Customer',
  status: 'Status',
  begun: 'Begun',
  timeZone: 'Time zone',
  roles: { customer: 'Customer', bot: 'Bot', agent: 'Agent', system: 'System' },
  statuses: { bot: 'With the bot', queued: 'In the queue', assigned: 'With an agent', resolved: 'Resolved' },
  note: 'private note',
  file: 'File',
  choices: 'Choices',
  colon: ': ',
  reasons: {
    customer_request: 'the customer asked for a person',
    no_match: 'no answer found',
    low_confidence: 'not sure enough',
    ambiguous: 'ambiguous question',
    repeated_failure: 'several questions without an answer',
    negative_sentiment: 'unhappy customer',
    sensitive_topic: 'sensitive topic',
    bot_error: 'the bot failed',
  },
  causes: {
    handoff: () => 'The bot handed over',
    claim: (name) => `${name ?? 'An agent'} took the conversation`,
    assign: (name) => `Assigned to ${name ?? 'an agent'}`,
    takeover: (name) => `${name ?? 'An agent'} took over`,
    transfer: (name) => (name === null ? 'Transferred' : `Transferred to ${name}`),
    return: () => 'Returned to the bot',
    dropped: (name) => `${name ?? 'The agent'} went offline; back to the front of the queue`,
    cancel: () => 'The customer left the queue',
    reopen: () => 'The customer came back; reopened',
    resolve: (name) => (name === null ? 'Resolved' : `Resolved by ${name}`),
    merge: () => 'Merged into another conversation',
  },
  verdict: (articleId, helpful) => `Article ${articleId} ${helpful ? 'helped' : 'did not help'}`,
  rating: (survey, score) => `Rated by the customer (${survey.toUpperCase()}): ${score}`,
  promises: { first_response: 'first response', next_response: 'next response', resolution: 'resolution' },
  changes: {
    routed: 'Group or priority changed',
    promise_at_risk: (promise) => `The ${promise} is nearly due`,
    promise_broken: (promise) => `The ${promise} is overdue`,
    snoozed: 'Snoozed',
    woken: 'Back from snooze',
    merged: (conversationId) => `Merged with conversation ${conversationId}`,
  },
  empty: 'Nothing was said in this conversation.',
};

export const transcriptLabels: Readonly<Record<TranscriptLocale, TranscriptLabels>> = {
  'zh-Hans': zhHans,
  'zh-Hant': zhHant,
  en,
};
