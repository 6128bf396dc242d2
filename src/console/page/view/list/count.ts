import { countLimit } from '../../../limits.ts';

/** Beyond the limit nobody counted, and beyond hundreds nobody reads it exactly. */
export function countText(count: number): string {
  return count >= countLimit ? `${countLimit - 1}+` : String(count);
}
