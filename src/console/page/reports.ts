import { percentText } from './figures.ts';

/** What a fit says of itself; what it holds is the calibration's to decide. */
type Report = Readonly<Record<string, unknown>>;

/** A report as lines of text: nested entries by their path, `measured.precision`; what is empty is left out. */
export function reportLines(report: Report): readonly { readonly key: string; readonly value: string }[] {
  return Object.entries(report).flatMap(([key, value]) => linesOf(key, value));
}

/** How many answers were right where it was measured on people's verdicts, and on how many; null where it was not. */
export function measuredIn(report: Report | null): { readonly precision: number; readonly questions: number } | null {
  const measured = report?.['measured'];
  if (!isRecord(measured)) return null;
  const { precision, questions } = measured;
  return typeof precision === 'number' && typeof questions === 'number' ? { precision, questions } : null;
}

function linesOf(key: string, value: unknown): readonly { key: string; value: string }[] {
  if (typeof value === 'number') return [{ key, value: figure(key, value) }];
  if (typeof value === 'string') return [{ key, value }];
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => linesOf(`${key}.${name}`, inner));
}

/** Whatever does not count things is a share. */
function figure(key: string, value: number): string {
  const counts = /(?:^|\.)(?:articles|questions|labels|rows)$/.test(key);
  return counts || value < 0 || value > 1 ? String(Number(value.toFixed(3))) : percentText(value);
}

function isRecord(value: unknown): value is Report {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
