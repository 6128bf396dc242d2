import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { BusyError } from '../errors.ts';

export type Passwords = {
  /** A text that `verify` takes; the password can't be told from it. */
  hash(password: string): Promise<string>;
  /** With `null` (nobody has this account) it takes the same time and is never true. */
  verify(password: string, hash: string | null): Promise<boolean>;
};

/**
 * Passwords by scrypt. One computation at N = 2^17 takes about 375 ms and 128 MB here, so at most `atOnce` run together
 * and at most `waiting` wait; more is a BusyError. `cost` is N, a power of two; hashes made with another one still verify.
 */
export function createPasswords({ cost = 2 ** 17, atOnce = 2, waiting = 32 } = {}): Passwords {
  const limited = limiter(atOnce, waiting);
  return {
    hash: async (password) => {
      const salt = randomBytes(16);
      const key = await limited(() => derive(password, { salt, cost }));
      return ['scrypt', cost, salt.toString('base64url'), key.toString('base64url')].join('$');
    },
    verify: async (password, hash) => {
      const expected = hash === null ? null : parse(hash);
      const { salt, cost: itsCost } = expected ?? { salt: randomBytes(16), cost };
      const key = await limited(() => derive(password, { salt, cost: itsCost }));
      return expected !== null && timingSafeEqual(key, expected.key);
    },
  };
}

const keyBytes = 32;
const blockSize = 8;

function derive(password: string, { salt, cost }: { salt: Buffer; cost: number }): Promise<Buffer> {
  const options = { N: cost, r: blockSize, p: 1, maxmem: 2 * 128 * cost * blockSize };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, keyBytes, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

function parse(hash: string): { salt: Buffer; cost: number; key: Buffer } {
  const [scheme, cost, salt, key] = hash.split('$');
  if (scheme !== 'scrypt' || !cost || !salt || !key) throw new Error('A stored password hash is not one of ours.');
  return { cost: Number(cost), salt: Buffer.from(salt, 'base64url'), key: Buffer.from(key, 'base64url') };
}

/** Runs at most `atOnce` jobs together, in order; refuses when `waiting` others wait already. */
function limiter(atOnce: number, waiting: number): <T>(job: () => Promise<T>) => Promise<T> {
  let running = 0;
  const line: (() => void)[] = [];
  return async (job) => {
    if (running < atOnce) running++;
    else {
      if (line.length >= waiting) throw new BusyError('Too many people are signing in at once.', 5);
      // Whoever finishes hands their place over, so `running` stays as it is.
      await new Promise<void>((resolve) => line.push(resolve));
    }
    try {
      return await job();
    } finally {
      const next = line.shift();
      if (next) next();
      else running--;
    }
  };
}
