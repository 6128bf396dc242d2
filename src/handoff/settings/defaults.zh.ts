import type { Settings } from './settings.ts';

const promised = (firstResponse: number, nextResponse: number, resolution: number | null) => ({
  firstResponse,
  nextResponse,
  resolution,
});

/** What holds until a supervisor changes it: always open, agents take from the queue, modest promises. */
export const defaultSettings: Settings = {
  groups: { groups: [] },
  routing: {
    mode: 'pull',
    defaultGroup: null,
    graceSeconds: 90,
    defaultCapacity: 5,
    reopenHours: 24,
    idleHours: 24,
    rules: [],
  },
  tags: {
    tags: [
      { id: 'vip', name: 'VIP', colour: 'purple', priority: 'high' },
      { id: 'elder', name: '长者', colour: 'orange', priority: 'high' },
    ],
  },
  hours: { timeZone: 'Asia/Shanghai', week: null, holidays: [] },
  promises: {
    policies: {
      urgent: promised(2, 5, 240),
      high: promised(5, 10, 480),
      medium: promised(10, 15, 1_440),
      low: promised(30, 30, null),
    },
    warnAt: 0.75,
    apologise: true,
  },
  survey: { kind: 'csat', followUpBelow: 2 },
  resolutions: {
    required: false,
    reasons: [
      { id: 'solved', name: '已解决' },
      { id: 'no-reply', name: '顾客未再回复' },
      { id: 'offline', name: '转线下处理' },
      { id: 'invalid', name: '无效咨询' },
    ],
  },
  webhook: { url: null, secret: '' },
};
