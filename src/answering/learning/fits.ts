import type { Stage } from './calibration.ts';

/** What JSON holds. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One fit of the confidence, as it is kept: what it was made from, what it promises, and how it proved itself. */
export type FitRecord = {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly stage: Stage;
  /** How many articles and labels it was made from. */
  readonly articles: number;
  readonly labels: number;
  /** The share of given answers that should be right, 0..1. */
  readonly promised: number;
  /** An answer needs this confidence. */
  readonly threshold: number;
  /** The fitted numbers. */
  readonly data: Json;
  /** How it did on what was held out; for people to read. */
  readonly report: { readonly [key: string]: Json };
};

/** Where fits are kept: every one, so that it can be told why the bot was as sure as it was. */
export type FitStore = {
  save(fit: FitRecord): Promise<void>;
  /** The newest, or null before the first. */
  latest(): Promise<FitRecord | null>;
  /** The newest `limit`, newest first. */
  list(limit: number): Promise<readonly FitRecord[]>;
};
