import { createHmac, createSecretKey, randomBytes, timingSafeEqual, webcrypto } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { AccessError } from '../../errors.ts';

/** Who may act in which conversation. */
export type Pass = { readonly conversationId: string; readonly userId: string; readonly userName: string | null };

export type TokenOptions = {
  /** At least 32 bytes; every node of one installation has the same. */
  readonly secret: string;
  readonly now: () => number;
};

export type Tokens = {
  /** What a client shows with every call. */
  issue(pass: Pass): Promise<string>;
  /** What opens a stream: it travels in a URL, so it opens nothing else and only for some minutes. */
  issueStream(pass: Pass): Promise<string>;
  /** The visitor's own proof of who they are, kept by their browser. */
  issueVisitor(userId: string): Promise<string>;
  /** AccessError `expired` when it was ours, `unauthenticated` when it is anything else. */
  verify(token: string): Promise<Pass>;
  verifyStream(token: string): Promise<Pass>;
  /** The visitor's user id; null for whatever we did not issue, or no longer stand by. */
  verifyVisitor(visitor: string): Promise<string | null>;
  /** The first conversation of a visitor: the same one however many tabs ask at once. */
  firstConversationOf(userId: string): string;
  /** A signature over text that says what for; the same input always signs alike. */
  sign(purpose: string, text: string): string;
  isSigned(purpose: string, text: string, signature: string): boolean;
};

/**
 * Seconds a token lives. The official client renews every 15 minutes and dies with the first 403, so a laptop that
 * slept through a lunch must find its token alive; the page's endpoint issues another after that.
 */
export const tokenSeconds = 12 * 3600;

/** Official clients open the stream URL they got at start again and again before they ask for another. */
const streamSeconds = 15 * 60;

export const visitorSeconds = 180 * 24 * 3600;

/** Tokens are JWTs (HS256 and nothing else), as the official clients read the claim `user` from them. */
export function createTokens({ secret, now }: TokenOptions): Tokens {
  const key = createSecretKey(Buffer.from(secret, 'utf8'));
  // jose would import a KeyObject anew at every call: 45 of the 130 µs that a check took.
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const jwtKey = webcrypto.subtle.importKey('raw', Buffer.from(secret, 'utf8'), algorithm, false, ['sign', 'verify']);
  const jwt = { key: jwtKey, now };

  const sign = (purpose: string, text: string) =>
    createHmac('sha256', key).update(`${purpose}\n${text}`).digest('base64url');

  return {
    issue: (pass) => issue(jwt, { audience: 'directline', seconds: tokenSeconds, claims: claimsOf(pass) }),
    issueStream: (pass) =>
      issue(jwt, { audience: 'directline-stream', seconds: streamSeconds, claims: claimsOf(pass) }),
    issueVisitor: (user) => issue(jwt, { audience: 'visitor', seconds: visitorSeconds, claims: { user } }),
    verify: rememberingGood(async (token) => {
      const claims = await verify(jwt, 'directline', token);
      return { pass: passOf(claims), expiresAt: Number(claims.exp) * 1000 };
    }, now),
    verifyStream: async (token) => passOf(await verify(jwt, 'directline-stream', token)),
    verifyVisitor: async (visitor) => {
      try {
        return textClaim(await verify(jwt, 'visitor', visitor), 'user');
      } catch (error) {
        if (error instanceof AccessError) return null;
        throw error;
      }
    },
    firstConversationOf: (userId) => sign('first conversation', userId).slice(0, 22),
    sign,
    isSigned: (purpose, text, signature) => isEqual(sign(purpose, text), signature),
  };
}

/** An id nobody can guess. */
export function newId(): string {
  return randomBytes(16).toString('base64url');
}

/** Compares in a time that tells nothing of where they differ. */
export function isEqual(expected: string, given: string): boolean {
  // Digests have one length whatever was given.
  const digest = (text: string) => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(expected), digest(given));
}

/** How many checked tokens are kept in mind: 5 MB at most. */
const tokensRemembered = 5_000;

/**
 * A client shows one token with every call, and checking it costs more than the rest of the call's HTTP (0.13 of 0.5 ms):
 * one that was good stays good until it expires. What was refused is checked again.
 */
function rememberingGood(
  check: (token: string) => Promise<{ readonly pass: Pass; readonly expiresAt: number }>,
  now: () => number,
): (token: string) => Promise<Pass> {
  const good = new Map<string, { readonly pass: Pass; readonly expiresAt: number }>();
  return async (token) => {
    const known = good.get(token);
    if (known && now() < known.expiresAt) return known.pass;
    good.delete(token);
    const checked = await check(token);
    const [oldest] = good.keys();
    if (good.size >= tokensRemembered && oldest !== undefined) good.delete(oldest);
    good.set(token, checked);
    return checked.pass;
  };
}

type Jwt = { readonly key: Promise<webcrypto.CryptoKey>; readonly now: () => number };

type Claims = Readonly<Record<string, unknown>>;

function claimsOf({ conversationId, userId, userName }: Pass): Claims {
  return { user: userId, conv: conversationId, ...(userName === null ? {} : { name: userName }) };
}

function passOf(claims: Claims): Pass {
  const { name } = claims;
  return {
    conversationId: textClaim(claims, 'conv'),
    userId: textClaim(claims, 'user'),
    userName: typeof name === 'string' ? name : null,
  };
}

function textClaim(claims: Claims, name: string): string {
  const value = claims[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new AccessError('unauthenticated', 'The token is not one of ours.');
}

async function issue(
  { key, now }: Jwt,
  { audience, seconds, claims }: { audience: string; seconds: number; claims: Claims },
): Promise<string> {
  const at = Math.floor(now() / 1000);
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setAudience(audience)
    .setIssuedAt(at)
    .setExpirationTime(at + seconds)
    .sign(await key);
}

async function verify({ key, now }: Jwt, audience: string, token: string): Promise<Claims> {
  try {
    const { payload } = await jwtVerify(token, await key, {
      algorithms: ['HS256'],
      audience,
      requiredClaims: ['exp'],
      currentDate: new Date(now()),
    });
    return payload;
  } catch (error) {
    // jose checks the signature before the time: only a token of ours can be expired.
    if (error instanceof errors.JWTExpired) throw new AccessError('expired', 'The token has expired.');
    throw new AccessError('unauthenticated', 'The token is not one of ours.');
  }
}
