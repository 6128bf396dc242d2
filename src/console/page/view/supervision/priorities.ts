import type { Priority } from '../../../api.ts';

/** Most urgent first. */
export const priorities = ['urgent', 'high', 'medium', 'low'] as const satisfies readonly Priority[];
