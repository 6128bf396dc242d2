import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, envExample, loadConfig, readConfig, secretKeyOf } from '../src/config.ts';

let dir = '';
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'zhike-config-'))));
afterEach(() => rmSync(dir, { recursive: true }));

describe('the configuration', () => {
  it('needs nothing: everything has a default', () => {
    expect(readConfig({})).toEqual({
      port: 3978,
      host: '127.0.0.1',
      publicUrl: 'http://127.0.0.1:3978',
      databaseUrl: 'sqlite:data/zhike.db',
      knowledgeDir: './knowledge',
      dataDir: './data',
      secretKey: null,
      directLineSecret: null,
      allowedOrigins: [],
      targetPrecision: 0.95,
      logLevel: 'info',
      admin: null,
    });
  });

  it('takes every setting as a plain value', () => {
    const env = {
      PORT: '80',
      HOST: '0.0.0.0',
      PUBLIC_URL: 'https://help.example.com/',
      DATABASE_URL: 'postgres://u:p@db/zhike',
      KNOWLEDGE_DIR: '/kb',
      DATA_DIR: '/data',
      SECRET_KEY: 'k'.repeat(32),
      DIRECT_LINE_SECRET: 's'.repeat(16),
      ALLOWED_ORIGINS: 'https://a.example.com/, http://b.example.com:8080',
      TARGET_PRECISION: '0.9',
      LOG_LEVEL: 'debug',
      ADMIN_EMAIL: 'a@example.com',
      ADMIN_PASSWORD: 'long enough',
    };
    expect(readConfig(env)).toEqual({
      port: 80,
      host: '0.0.0.0',
      publicUrl: 'https://help.example.com',
      databaseUrl: env.DATABASE_URL,
      knowledgeDir: '/kb',
      dataDir: '/data',
      secretKey: env.SECRET_KEY,
      directLineSecret: env.DIRECT_LINE_SECRET,
      allowedOrigins: ['https://a.example.com', 'http://b.example.com:8080'],
      targetPrecision: 0.9,
      logLevel: 'debug',
      admin: { email: 'a@example.com', password: 'long enough' },
    });
  });

  it('treats an empty value as none', () => {
    expect(readConfig({ PORT: '', SECRET_KEY: ' ', ALLOWED_ORIGINS: '' })).toEqual(readConfig({}));
  });

  it('keeps the database where the data is, unless told', () => {
    expect(readConfig({ DATA_DIR: '/srv/zhike' }).databaseUrl).toBe('sqlite:/srv/zhike/zhike.db');
  });

  it('names all faults at once, with what to write instead', () => {
    const faults = faultsOf(() =>
      readConfig({
        PORT: '70000',
        HOST: 'a b',
        PUBLIC_URL: 'help.example.com',
        DATABASE_URL: 'mysql://x',
        SECRET_KEY: 'short',
        DIRECT_LINE_SECRET: 'short',
        ALLOWED_ORIGINS: '*,https://a.example.com/path',
        TARGET_PRECISION: '95',
        LOG_LEVEL: 'loud',
        ADMIN_EMAIL: 'nobody',
        ADMIN_PASSWORD: '123',
      }),
    );
    expect(faults).toEqual([
      expect.stringMatching(/^PORT: .*3978/),
      expect.stringMatching(/^HOST: .*127\.0\.0\.1/),
      expect.stringMatching(/^PUBLIC_URL: .*https:\/\//),
      expect.stringMatching(/^DATABASE_URL: .*sqlite:.*postgres:/),
      expect.stringMatching(/^SECRET_KEY: .*32.*openssl/),
      expect.stringMatching(/^DIRECT_LINE_SECRET: .*16/),
      expect.stringMatching(/^ALLOWED_ORIGINS: "\*"/),
      expect.stringMatching(/^ALLOWED_ORIGINS: "https:\/\/a\.example\.com\/path"/),
      expect.stringMatching(/^TARGET_PRECISION: .*0\.95/),
      expect.stringMatching(/^LOG_LEVEL: .*fatal, error, warn, info/),
      expect.stringMatching(/^ADMIN_EMAIL: /),
      expect.stringMatching(/^ADMIN_PASSWORD: .*10/),
    ]);
  });

  it('never repeats a secret in a fault', () => {
    const env = {
      SECRET_KEY: 'hunter2',
      ADMIN_PASSWORD: 'hunter2',
      DIRECT_LINE_SECRET: 'hunter2',
      DATABASE_URL: 'hunter2',
    };
    expect(faultsOf(() => readConfig(env)).join()).not.toContain('hunter2');
  });

  it('wants the first account whole', () => {
    expect(faultsOf(() => readConfig({ ADMIN_EMAIL: 'a@example.com' }))).toEqual([
      expect.stringMatching(/^ADMIN_PASSWORD: is missing/),
    ]);
    expect(faultsOf(() => readConfig({ ADMIN_PASSWORD: 'long enough' }))).toEqual([
      expect.stringMatching(/^ADMIN_EMAIL: is missing/),
    ]);
  });

  it('reads a .env file, which names a misspelt key and leaves other programs their own', () => {
    const file = join(dir, '.env');
    writeFileSync(file, '# ours\nTARGET_PRECISION="0.8"\nNODE_OPTIONS=\nPOSTGRES_PASSWORD=x\n');
    expect(loadConfig(file).targetPrecision).toBe(0.8);
    writeFileSync(file, 'PROT=80\nDATABSE_URL=x\nport=1\n');
    expect([...faultsOf(() => loadConfig(file))].sort()).toEqual([
      expect.stringMatching(/^DATABSE_URL: .*write DATABASE_URL/),
      expect.stringMatching(/^PROT: .*write PORT/),
      expect.stringMatching(/^port: .*write PORT/),
    ]);
  });

  it('is mirrored by .env.example', () => {
    const file = readFileSync(join(__dirname, '..', '.env.example'), 'utf8');
    expect(file).toBe(envExample());
    const example = Object.fromEntries([...file.matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, key, value]) => [key, value]));
    expect({ ...readConfig(example), databaseUrl: '' }).toEqual({ ...readConfig({}), databaseUrl: '' });
  });
});

describe('the secret key', () => {
  it('is made once, for the owner alone', () => {
    const dataDir = join(dir, 'new', 'data');
    const key = secretKeyOf({ secretKey: null, dataDir });
    expect(key.length).toBeGreaterThanOrEqual(32);
    expect(secretKeyOf({ secretKey: null, dataDir })).toBe(key);
    expect(statSync(join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir)).toEqual(['secret.key']);
  });

  it('is the configured one where there is one', () => {
    expect(secretKeyOf({ secretKey: 'configured', dataDir: join(dir, 'data') })).toBe('configured');
    expect(existsSync(join(dir, 'data'))).toBe(false);
  });

  it('is not used when somebody emptied the file', () => {
    writeFileSync(join(dir, 'secret.key'), 'x\n');
    expect(() => secretKeyOf({ secretKey: null, dataDir: dir })).toThrow(ConfigError);
  });
});

function faultsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  throw new Error('no fault was found');
}
