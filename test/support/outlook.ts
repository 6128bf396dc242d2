import type { QueueOutlook } from '../../src/conversation/turn.ts';

/** A desk in its hours with one agent and nobody waiting, but for what is given. */
export function anOutlook(given: Partial<QueueOutlook> = {}): QueueOutlook {
  return {
    at: Date.UTC(2026, 0, 5, 2, 0, 0),
    opensAt: null,
    timeZone: 'Asia/Shanghai',
    agentsOnline: 1,
    ahead: 0,
    expectedWaitSeconds: null,
    ...given,
  };
}
