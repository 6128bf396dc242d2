import { settingsSections } from '../../src/handoff/settings/settings.ts';
import { openConsole, type OpenConsole } from './open-console.ts';

type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
};
type Content = Readonly<Record<string, { readonly schema: Schema }>>;
type Operation = {
  readonly operationId: string;
  readonly 'x-rule': string;
  readonly parameters: readonly { readonly in: string; readonly name: string; readonly required: boolean }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content: Content }>>;
};
type Document = {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

let desk: OpenConsole;
let document: Document;
beforeAll(async () => {
  desk = await openConsole();
  document = (await desk.visitor().get('/api/openapi.json')).body as unknown as Document;
});
afterAll(() => desk.close());

describe('the description of the API', () => {
  it('is OpenAPI 3.1 with an operation for every route', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(operations().map(({ method, path }) => `${method} ${path}`)).toEqual([
      'post /api/console/session',
      'get /api/console/session',
      'delete /api/console/session',
      'get /api/console/conversations',
      'get /api/console/search',
      'get /api/console/conversations/{id}',
      'get /api/console/conversations/{id}/entries',
      'post /api/console/conversations/{id}/claim',
      'post /api/console/conversations/{id}/messages',
      'post /api/console/conversations/{id}/notes',
      'post /api/console/conversations/{id}/typing',
      'post /api/console/conversations/{id}/transfer',
      'post /api/console/conversations/{id}/resolve',
      'post /api/console/conversations/{id}/snooze',
      'post /api/console/conversations/{id}/merge',
      'post /api/console/conversations/{id}/takeover',
      'post /api/console/conversations/{id}/assign',
      'post /api/console/conversations/{id}/route',
      'post /api/console/conversations/{id}/uploads',
      'get /api/console/conversations/{id}/suggestions',
      'post /api/console/conversations/{id}/customer',
      'get /api/console/conversations/{id}/transcript',
      'get /api/console/uploads/{id}',
      'get /api/console/events',
      'post /api/console/me/status',
      'get /api/console/directory',
      'post /api/console/canned/{id}/used',
      'get /api/console/canned',
      'post /api/console/canned',
      'post /api/console/canned/{id}',
      'delete /api/console/canned/{id}',
      'get /api/console/board',
      'post /api/console/follow-ups/{id}/done',
      'post /api/console/bulk/assign',
      'get /api/console/agents',
      'post /api/console/agents',
      'post /api/console/agents/{id}',
      'get /api/console/settings/{section}',
      'post /api/console/settings/{section}',
      'get /api/console/deliveries',
      'post /api/console/deliveries/{id}/retry',
      'post /api/console/deliveries/{id}/discard',
      'get /api/console/knowledge',
      'post /api/console/knowledge/explain',
      'post /api/console/knowledge/search',
      'get /api/console/knowledge/gaps',
      'get /api/console/knowledge/proposals',
      'post /api/console/knowledge/proposals/decide',
      'get /api/openapi.json',
    ]);
  });

  it('names each operation once', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('describes each segment of a path, and every other answer than success', () => {
    for (const { path, operation } of operations()) {
      const segments = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name, required }) => [name, required])).toEqual(segments.map((name) => [name, true]));
      expect(operation.responses['200']).toBeDefined();
      if (operation['x-rule'] !== 'anyone') expect(operation.responses['401']).toBeDefined();
    }
  });

  it('refers only to what it holds', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to = '']) => to);
    expect(references.length).toBeGreaterThan(10);
    for (const reference of references) {
      const target = reference
        .replace(/^#\//, '')
        .split('/')
        .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
      expect([reference, typeof target]).toEqual([reference, 'object']);
    }
  });

  it('says what is sent as it is really checked', () => {
    const schema = operationAt('post', '/api/console/conversations/{id}/messages').requestBody?.content[json]?.schema;
    expect(schema).toMatchObject({
      required: ['text', 'clientId', 'version'],
      additionalProperties: false,
      properties: { text: { type: 'string', maxLength: 8000 }, version: { type: 'integer', minimum: 0 } },
    });
  });

  it('describes the answers that are really given', async () => {
    await desk.assigned('c1', desk.agents.zhou);
    const zhou = await desk.signIn('zhou');
    const knowledge = ['knowledge', 'knowledge/gaps', 'knowledge/proposals'];
    const conversation = ['', '/entries', '/suggestions'].map((part) => `conversations/c1${part}`);
    const desks = ['session', 'search?q=月球', 'directory', 'canned', 'board', 'agents', 'deliveries'];
    const sections = settingsSections.map((section) => `settings/${section}`);
    for (const path of ['conversations', ...conversation, ...desks, ...sections, ...knowledge]) {
      const { body } = await zhou.get(`/api/console/${path}`);
      const described = path
        .replace('c1', '{id}')
        .replace(/\?.*/, '')
        .replace(/settings\/.*/, 'settings/{section}');
      const { responses } = operationAt('get', `/api/console/${described}`);
      expect(faultsIn(body, responses['200']?.content[json]?.schema ?? {})).toEqual([]);
    }
    const posts = { explain: { question: '运费多少' }, search: { question: '运费多少' } };
    for (const [name, sent] of Object.entries(posts)) {
      const { body } = await zhou.send('POST', `/api/console/knowledge/${name}`, sent);
      const { responses } = operationAt('post', `/api/console/knowledge/${name}`);
      expect(faultsIn(body, responses['200']?.content[json]?.schema ?? {})).toEqual([]);
    }
  });
});

const json = 'application/json';

function operations(): readonly { method: string; path: string; operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
}

function operationAt(method: string, path: string): Operation {
  const operation = document.paths[path]?.[method];
  if (!operation) throw new Error(`${method} ${path} is not described`);
  return operation;
}

/** The part of JSON Schema the document uses: types, objects, arrays, unions and references. */
function faultsIn(value: unknown, schema: Schema, at = '$'): readonly string[] {
  if (schema.$ref) return faultsIn(value, document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, at);
  const union =
    schema.anyOf ?? schema.oneOf ?? (Array.isArray(schema.type) ? schema.type.map((type) => ({ type })) : null);
  if (union) return union.some((one: Schema) => faultsIn(value, one, at).length === 0) ? [] : [`${at}: fits no member`];
  if ('const' in schema && value !== schema.const) return [`${at}: is not ${String(schema.const)}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${at}: is not listed`];
  switch (schema.type) {
    case 'object': {
      const fields = (value ?? {}) as Record<string, unknown>;
      const known = schema.properties ?? {};
      const unknown = Object.keys(fields).filter((key) => !known[key]);
      return [
        ...unknown.map((key) => `${at}.${key}: unknown`),
        ...Object.entries(known).flatMap(([key, one]) => faultsIn(fields[key], one, `${at}.${key}`)),
      ];
    }
    case 'array': {
      const { items = {}, prefixItems = [] } = schema;
      if (!Array.isArray(value)) return [`${at}: no list`];
      return value.flatMap((one, n) => faultsIn(one, prefixItems[n] ?? items, `${at}.${n}`));
    }
    case 'integer':
      return Number.isInteger(value) ? [] : [`${at}: no integer`];
    case 'null':
      return value === null ? [] : [`${at}: not null`];
    case undefined:
      return [`${at}: has no type`];
    default:
      return typeof value === schema.type ? [] : [`${at}: ${typeof value} instead of ${String(schema.type)}`];
  }
}
