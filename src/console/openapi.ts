import { z } from 'zod';
import { liveEvents } from './api.ts';
import type { Route, Rule } from './route.ts';

type Json = Record<string, unknown>;

/** The table of routes as an OpenAPI 3.1 document. */
export function openApiOf(table: readonly Route[]): Json {
  const schemas: Json = {};
  const paths: Record<string, Json> = {};
  for (const route of table) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, schemas) };
  }
  for (const event of Object.values(liveEvents)) schemaOf(event, schemas, 'output');
  return {
    openapi: '3.1.0',
    info: {
      title: 'Console API',
      version: '1',
      description:
        'What the agents’ console uses. Times are milliseconds since 1970. A state change must come from a page of this site (Origin).',
    },
    paths,
    components: {
      schemas: { ...schemas, Error: errorSchema },
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'zhike_agent' } },
    },
  };
}

function operationOf(route: Route, schemas: Json): Json {
  const { method, path, rule, summary, body, raw } = route;
  return {
    summary,
    operationId: `${method.toLowerCase()}${path.replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    'x-rule': rule,
    ...(rule === 'anyone' ? {} : { security: [{ session: [] }] }),
    parameters: [...parametersOf(route.params, 'path', schemas), ...parametersOf(route.query, 'query', schemas)],
    ...(body ? { requestBody: { required: true, content: jsonContent(schemaOf(body, schemas, 'input')) } } : {}),
    ...(raw ? { requestBody: { required: true, content: { [raw]: { schema: { type: 'string' } } } } } : {}),
    responses: {
      200: { description: 'Done.', content: contentOf(route.answer, schemas) },
      ...Object.fromEntries(statusesOf(route).map((status) => [status, failures[status]])),
    },
  };
}

function contentOf(answer: Route['answer'], schemas: Json): Json {
  return typeof answer === 'string'
    ? { [answer]: { schema: { type: 'string' } } }
    : jsonContent(schemaOf(answer, schemas, 'output'));
}

function parametersOf(shape: z.ZodObject | null, place: 'path' | 'query', schemas: Json): readonly Json[] {
  if (!shape) return [];
  const { properties = {}, required = [] } = schemaOf(shape, schemas, 'input') as {
    properties?: Record<string, Json>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema,
  }));
}

/** A schema in JSON; those with a name of their own go to the document's list. */
function schemaOf(schema: z.ZodType, schemas: Json, io: 'input' | 'output'): Json {
  const text = JSON.stringify(z.toJSONSchema(schema, { io })).replaceAll('#/$defs/', '#/components/schemas/');
  const { $schema: _, $defs, id, ...own } = JSON.parse(text) as Json & { $defs?: Json; id?: string };
  Object.assign(schemas, Object.fromEntries(Object.entries($defs ?? {}).map(([name, def]) => [name, withoutId(def)])));
  if (typeof id !== 'string') return own;
  schemas[id] = own;
  return { $ref: `#/components/schemas/${id}` };
}

function withoutId(schema: unknown): Json {
  const { id: _, ...rest } = schema as Json;
  return rest;
}

const errorSchema: Json = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        issues: {
          type: 'array',
          items: {
            type: 'object',
            required: ['path', 'message'],
            properties: { path: { type: 'string' }, message: { type: 'string' } },
          },
        },
      },
    },
  },
};

function jsonContent(schema: Json): Json {
  return { 'application/json': { schema } };
}

function failure(description: string): Json {
  return { description, content: jsonContent({ $ref: '#/components/schemas/Error' }) };
}

const failures: Readonly<Record<number, Json>> = {
  400: failure('Malformed; `issues` names each fault.'),
  401: failure('Nobody has signed in, or the session has ended.'),
  403: failure('The role does not allow it, or the request comes from another site.'),
  404: failure('There is no such thing.'),
  409: failure(
    'A colleague was faster or the picture is old: `taken`, `stale`, `not_yours`, `not_waiting`; a colleague is not there: `unavailable`; the name is taken: `exists`; it would lock oneself out: `own_account`; the file of an article can’t take a change: `not_writable`.',
  ),
  503: failure('Not now; `Retry-After` says when.'),
};

const openTo: readonly Rule[] = ['anyone', 'signed_in', 'reading_knowledge'];

function statusesOf({ method, path, rule, query, body, raw, params }: Route): readonly number[] {
  const writes = method === 'POST' && (params !== null || !openTo.includes(rule));
  return [
    ...(query || body || raw || params ? [400] : []),
    ...(rule === 'anyone' && !body ? [] : [401]),
    ...(!openTo.includes(rule) || method !== 'GET' ? [403] : []),
    ...(params || writes ? [404] : []),
    ...(writes ? [409] : []),
    ...(path.endsWith('/session') || path.endsWith('/events') || raw ? [503] : []),
  ];
}
