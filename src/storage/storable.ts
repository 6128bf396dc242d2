/// <reference lib="es2024.string" />
import { InputError } from '../errors.ts';

/** Values deeper than this are refused rather than followed. */
const deepest = 64;

/** Ids longer than this (in UTF-16 units) are refused: PostgreSQL can't index more than 2,704 bytes. */
const longestId = 256;

/**
 * The same value with text that every database stores alike: lone surrogates become U+FFFD. Refuses NUL, which
 * PostgreSQL does not take. Returns the value itself when there is nothing to change.
 */
export function storable<T>(value: T): T {
  // Nearly every value is clean, and a look that names no paths costs a fifth.
  return isStorable(value, 0) ? value : (walk(value, '', 0) as T);
}

/** The id itself. Refuses one that a database could not hold. */
export function storableId(id: string, path: string): string {
  if (isStorableId(id)) return id;
  throw new InputError(`${path} must be 1 to ${longestId} characters of well-formed text without NUL.`, [
    { path, message: `1 to ${longestId} characters of well-formed text without NUL` },
  ]);
}

/** Whether a database may be asked for this id at all. */
export function isStorableId(id: string): boolean {
  return id.length > 0 && id.length <= longestId && id.isWellFormed() && !id.includes('\0');
}

function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= deepest) return false;
  if (Array.isArray(value)) return value.every((inner) => isStorable(inner, depth + 1));
  for (const key of Object.keys(value)) {
    if (!isStorable(key, depth) || !isStorable((value as Record<string, unknown>)[key], depth + 1)) return false;
  }
  return true;
}

function walk(value: unknown, path: string, depth: number): unknown {
  if (typeof value === 'string') return text(value, path);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepest) throw refusal(path, `at most ${deepest} levels deep`);
  if (Array.isArray(value)) return list(value, path, depth);
  return object(value as Record<string, unknown>, path, depth);
}

function text(value: string, path: string): string {
  if (value.includes('\0')) throw refusal(path, 'text without NUL (U+0000)');
  return value.isWellFormed() ? value : value.toWellFormed();
}

function list(values: readonly unknown[], path: string, depth: number): readonly unknown[] {
  let copy: unknown[] | null = null;
  for (const [index, value] of values.entries()) {
    const clean = walk(value, join(path, index), depth + 1);
    if (clean !== value) (copy ??= [...values])[index] = clean;
  }
  return copy ?? values;
}

function object(value: Record<string, unknown>, path: string, depth: number): Record<string, unknown> {
  let changed = false;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => {
    const clean: [string, unknown] = [text(key, path), walk(inner, join(path, key), depth + 1)];
    changed ||= clean[0] !== key || clean[1] !== inner;
    return clean;
  });
  return changed ? Object.fromEntries(entries) : value;
}

function join(path: string, key: string | number): string {
  return path ? `${path}.${key}` : String(key);
}

function refusal(path: string, expected: string): InputError {
  return new InputError(`${path || 'The value'} must be ${expected}.`, [{ path, message: `must be ${expected}` }]);
}
