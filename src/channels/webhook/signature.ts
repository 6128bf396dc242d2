import { createHmac } from 'node:crypto';

/**
 * The `zhike-signature` header of a body sent at a time: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, the scheme
 * that Stripe published. The time is signed too, so that a receiver can refuse what somebody recorded long ago.
 */
export function signatureOf(body: string, secret: string, at: number): string {
  const seconds = Math.floor(at / 1_000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}
