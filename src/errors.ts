/**
 * Errors by origin. The caller's faults are the classes below; a remote platform's is ChannelError;
 * anything else is ours. Only server.ts knows which status code each one becomes.
 */

/** One fault in what a caller sent: where (`text`, `attachments.0.name`; '' = the whole) and what to write instead. */
export type Issue = { readonly path: string; readonly message: string };

/** The caller sent something malformed. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly issues: readonly Issue[];
  constructor(message: string, issues: readonly Issue[] = []) {
    super(message);
    this.issues = issues;
  }
}

/** The caller sent more than we take. `limit` is in bytes. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
  readonly limit: number;
  constructor(message: string, limit: number) {
    super(message);
    this.limit = limit;
  }
}

/** The caller is not who the object asks for: nobody (`unauthenticated`), somebody else (`forbidden`), or too late (`expired`). */
export class AccessError extends Error {
  override readonly name = 'AccessError';
  readonly reason: 'unauthenticated' | 'forbidden' | 'expired';
  constructor(reason: AccessError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** No such object, or none the caller may know of. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
}

/** Somebody was faster, or the caller's picture is stale. `code` tells which (see Refusal in conversation/events.ts). */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** We can't take it now; the caller may try again after `retryAfterSeconds`. `cause`, for the operator only, is what failed. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
  readonly retryAfterSeconds: number;
  constructor(message: string, retryAfterSeconds: number, options?: { readonly cause: unknown }) {
    super(message, options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
