import { createLogger } from '../src/log.ts';

describe('the log', () => {
  it('is one JSON object a line, with time and level in words', () => {
    const [line] = logged((log) => log.info({ articles: 3 }, 'ready'));
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      articles: 3,
      msg: 'ready',
    });
  });

  it('holds no secret and nothing anybody said, however deep', () => {
    const secrets = {
      token: 'S3',
      password: 'S3',
      passwordHash: 'S3',
      secretKey: 'S3',
      Authorization: 'S3',
      cookie: 'S3',
      apiKey: 'S3',
    };
    const said = { text: 'S3', body: 'S3', question: 'S3', channelData: { a: 'S3' } };
    const lines = logged((log) => {
      log.info({ ...secrets, ...said, deep: { list: [{ ...secrets, ...said }] } });
      log.child({ token: 'S3', agent: 'a1' }).warn('x');
    });
    expect(JSON.stringify(lines)).not.toContain('S3');
    expect(lines[1]).toMatchObject({ agent: 'a1' });
  });

  it('cuts requests to method and path: Direct Line puts tokens into the query', () => {
    const req = { method: 'GET', url: '/v3/directline/stream?t=S3', headers: { authorization: 'S3' }, id: 'r1' };
    expect(logged((log) => log.info({ req }))[0]).toMatchObject({
      req: { id: 'r1', method: 'GET', path: '/v3/directline/stream' },
    });
    expect(JSON.stringify(logged((log) => log.info({ req })))).not.toContain('S3');
  });

  it('keeps of an error what helps, not what a library hung on it', () => {
    const error = Object.assign(new Error('refused', { cause: new Error('full') }), {
      code: 'ECONNREFUSED',
      config: { headers: 'S3' },
    });
    const lines = logged((log) => (log.error(error), log.error({ err: error }, 'failed')));
    for (const line of lines)
      expect(line).toMatchObject({
        err: {
          name: 'Error',
          code: 'ECONNREFUSED',
          message: 'refused',
          stack: expect.any(String),
          cause: { message: 'full' },
        },
      });
    expect(JSON.stringify(lines)).not.toContain('S3');
  });

  it('survives a thing that holds itself', () => {
    const thing: Record<string, unknown> = {};
    thing.self = thing;
    expect(logged((log) => log.info({ thing }, 'x'))).toHaveLength(1);
  });
});

function logged(act: (log: ReturnType<typeof createLogger>) => void): readonly Record<string, unknown>[] {
  const lines: string[] = [];
  act(createLogger('info', { write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
