import { openConsole, password, type OpenConsole } from './open-console.ts';

let desk: OpenConsole;
beforeEach(async () => {
  desk = await openConsole();
});
afterEach(() => desk.close());

const session = '/api/console/session';
const credentials = { email: 'li@shop.cn', password };

describe('signing in', () => {
  it('gives a cookie that scripts cannot read and other sites cannot send', async () => {
    const { status, body, headers } = await desk.visitor().send('POST', session, credentials);
    expect([status, body.agent]).toEqual([
      200,
      {
        id: desk.agents.li.id,
        name: 'li',
        email: 'li@shop.cn',
        role: 'agent',
        status: 'online',
        capacity: desk.settings.current().routing.defaultCapacity,
        groups: [],
      },
    ]);
    expect(headers.getSetCookie()).toHaveLength(1);
    expect(headers.getSetCookie()[0]).toMatch(
      /^zhike_agent=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/,
    );
    expect(JSON.stringify(body)).not.toContain('zhike_agent');
  });

  it('gives a cookie of this host and https alone where the desk is on https', async () => {
    const secure = await openConsole('https://desk.example');
    const visitor = secure.visitor();
    const { headers } = await visitor.send('POST', session, credentials);
    expect(headers.getSetCookie()[0]).toMatch(/^__Host-zhike_agent=.*; Path=\/; .*; Secure$/);
    expect((await visitor.get(session)).status).toBe(200);
    visitor.cookie = visitor.cookie?.replace('__Host-', '') ?? null;
    expect((await visitor.get(session)).status).toBe(401);
    await secure.close();
  });

  it.each([
    ['a wrong password', { ...credentials, password: 'not-the-password' }],
    ['an unknown account', { ...credentials, email: 'nobody@shop.cn' }],
  ])('says the same of %s', async (_, wrong) => {
    const reply = await desk.visitor().send('POST', session, wrong);
    expect(reply.status).toBe(401);
    expect(reply.body).toEqual({ error: { code: 'Unauthenticated', message: 'Email and password do not match.' } });
    expect(reply.headers.getSetCookie()).toEqual([]);
  });

  it('is refused after ten attempts on one account, even with the right password, until time has passed', async () => {
    const visitor = desk.visitor();
    for (let attempt = 0; attempt < 10; attempt++) {
      expect((await visitor.send('POST', session, { ...credentials, password: 'guess' })).status).toBe(401);
    }
    const refused = await visitor.send('POST', session, credentials);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60);
    expect((await visitor.send('POST', session, { email: 'zhou@shop.cn', password })).status).toBe(200);
    desk.clock.now += 16 * 60_000;
    expect((await visitor.send('POST', session, credentials)).status).toBe(200);
  });

  it('locks one account for minutes under a thousand wrong passwords, and no other', async () => {
    const outcomes = new Map<string, number>();
    for (let guess = 0; guess < 1000; guess++) {
      const { kind } = await desk.accounts.signIn('li@shop.cn', `guess-${guess}`);
      outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
    }
    expect(Object.fromEntries(outcomes)).toEqual({ wrong: 10, wait: 990 });
    const refused = await desk.visitor().send('POST', session, credentials);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(15 * 60);
    for (const email of ['zhou@shop.cn', 'wu@shop.cn', 'editor@shop.cn']) {
      expect((await desk.visitor().send('POST', session, { email, password })).status).toBe(200);
    }
    desk.clock.now += 16 * 60_000;
    expect((await desk.visitor().send('POST', session, credentials)).status).toBe(200);
  });

  it('makes a new session and ends the one that was there', async () => {
    const visitor = await desk.signIn('li');
    const before = visitor.cookie;
    await visitor.send('POST', session, credentials);
    expect(visitor.cookie).not.toBe(before);
    expect((await visitor.get(session)).status).toBe(200);
    visitor.cookie = before;
    expect((await visitor.get(session)).status).toBe(401);
  });
});

describe('a session', () => {
  it('ends on the server when the agent signs out, not only in the browser', async () => {
    const visitor = await desk.signIn('li');
    const { cookie } = visitor;
    expect((await visitor.send('DELETE', session)).status).toBe(200);
    expect(visitor.cookie).toBeNull();
    visitor.cookie = cookie;
    expect((await visitor.get(session)).status).toBe(401);
  });

  it('ends after half a day without use, and lasts while it is used', async () => {
    const visitor = await desk.signIn('li');
    desk.clock.now += 11 * 3600_000;
    expect((await visitor.get(session)).status).toBe(200);
    desk.clock.now += 11 * 3600_000;
    expect((await visitor.get(session)).status).toBe(200);
    desk.clock.now += 13 * 3600_000;
    expect((await visitor.get(session)).status).toBe(401);
  });
});
