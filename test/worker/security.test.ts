import { createExecutionContext, env } from 'cloudflare:test';
import { beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { openDatabase } from '../../src/database.ts';
import { createApp } from '../../src/http/app.ts';
import { SCOPES } from '../../src/http/auth.ts';
import type { Operation } from '../../src/http/operation.ts';
import { personTag } from '../../src/keys/person-tag.ts';
import type { KeyKind } from '../../src/model.ts';
import { toDocument } from '../../src/openapi/document.ts';
import { templateOf } from '../../src/openapi/names.ts';
import { OPERATIONS } from '../../src/routes/index.ts';

/** Two people, every route, every kind of key: nobody reads or writes what is not theirs. */

const { ada, grace, neon, away } = inject('servers');
const app = createApp(OPERATIONS);
const ENV: Env = { ...env, NEON_ENDPOINT: neon, UPSTASH_REDIS_REST_URL: away };
const KINDS = ['ing', 'read', 'admin'] as const;

async function call(
  { method, path }: { method: string; path: string },
  key: string | null,
  body?: string,
  headers: Record<string, string> = {},
) {
  // Not waited for: what goes on behind an answer gathers counters for ten seconds.
  const context = createExecutionContext();
  const init = {
    method,
    headers: {
      'Content-Type': 'application/json',
      'CF-Connecting-IP': `10.0.${Math.floor(Math.random() * 256)}.${Math.floor(Math.random() * 256)}`,
      ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  };
  const response = await app.fetch(
    new Request(`https://self-sensored.test${path}`, init),
    { ...ENV },
    context,
  );
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}

/** Values that stand in no payload but Ada's. */
const CANARY = { source: 'AdaCanaryWatch', value: 4242.4242 };
const payloadOf = (source: string, value: number) =>
  JSON.stringify({
    data: {
      metrics: [
        {
          name: 'step_count',
          units: 'count',
          data: [{ qty: value, date: '2026-03-02 07:41:00 +0000', source }],
        },
      ],
    },
  });

/** One record of each kind besides samples. */
const RECORDS = JSON.stringify({
  data: {
    metrics: [
      {
        name: 'sleep_analysis',
        units: 'hr',
        data: [
          {
            totalSleep: 7,
            sleepStart: '2026-03-01 23:00:00 +0000',
            sleepEnd: '2026-03-02 06:30:00 +0000',
            source: CANARY.source,
          },
        ],
      },
    ],
    workouts: [
      {
        id: 'ADA-CANARY',
        name: CANARY.source,
        start: '2026-03-02 12:00:00 +0000',
        end: '2026-03-02 12:30:00 +0000',
        duration: CANARY.value,
        heartRateData: [
          {
            date: '2026-03-02 12:01:00 +0000',
            qty: CANARY.value,
            units: 'bpm',
            source: CANARY.source,
          },
        ],
        route: [
          { latitude: 48.2, longitude: 16.3, timestamp: '2026-03-02 12:01:00 +0000' },
          { latitude: 48.3, longitude: 16.3, timestamp: '2026-03-02 12:20:00 +0000' },
        ],
      },
    ],
    ecg: [
      {
        start: '2026-03-02 20:00:00 +0000',
        source: CANARY.source,
        voltageMeasurements: [{ date: 1772478000.001, voltage: CANARY.value, units: 'mcV' }],
      },
    ],
    symptoms: [
      {
        name: CANARY.source,
        start: '2026-03-02 10:00:00 +0000',
        end: '2026-03-02 11:00:00 +0000',
        source: CANARY.source,
      },
    ],
  },
});

/** Of Ada: what others may ask for by its id, but must not get. */
const adas = {
  upload: '',
  key: '',
  job: '',
  goal: '',
  night: '',
  workout: '',
  ecg: '',
  event: '',
  export: '',
};

interface Call {
  /** The path with Ada's ids in place of the parameters. */
  path: string;
  body?: string;
  /** For who keeps the installation: says who there is and what was done, never a health value. */
  isOperators?: boolean;
  /** Which of Ada's things it would change; not tried on her. */
  harms?: boolean;
}

/** Every route has to be here: that is a test of its own. */
const CALLS: Readonly<Record<string, () => Call>> = {
  'POST /api/v1/sync': () => ({ path: '/api/v1/sync', body: payloadOf('GraceWatch', 1) }),
  'POST /api/data': () => ({ path: '/api/data', body: payloadOf('GraceWatch', 2) }),
  'POST /api/v1/check': () => ({ path: '/api/v1/check', body: payloadOf('GraceWatch', 3) }),
  'GET /api/v1/ingestions': () => ({ path: '/api/v1/ingestions' }),
  'GET /api/v1/ingestions/:id': () => ({ path: `/api/v1/ingestions/${adas.upload}` }),
  'POST /api/v1/ingestions/:id/replay': () => ({
    path: `/api/v1/ingestions/${adas.upload}/replay`,
  }),
  'GET /api/v1/metrics': () => ({ path: '/api/v1/metrics' }),
  'GET /api/v1/metrics/:name/samples': () => ({ path: '/api/v1/metrics/step_count/samples' }),
  'GET /api/v1/metrics/:name/aggregate': () => ({
    path: '/api/v1/metrics/step_count/aggregate?from=2026-03-01&to=2026-03-31',
  }),
  'GET /api/v1/metrics/:name/daily': () => ({
    path: '/api/v1/metrics/step_count/daily?from=2026-03-01&to=2026-03-31',
  }),
  'GET /api/v1/aggregate': () => ({
    path: '/api/v1/aggregate?metrics=step_count,heart_rate&from=2026-03-01&to=2026-03-31&bucket=hour',
  }),
  'GET /api/v1/sleep': () => ({ path: '/api/v1/sleep' }),
  'GET /api/v1/sleep/:id': () => ({ path: `/api/v1/sleep/${adas.night}` }),
  'GET /api/v1/workouts': () => ({ path: '/api/v1/workouts' }),
  'GET /api/v1/workouts/:id': () => ({ path: `/api/v1/workouts/${adas.workout}` }),
  'GET /api/v1/workouts/:id/series/:metric': () => ({
    path: `/api/v1/workouts/${adas.workout}/series/heart_rate`,
  }),
  'GET /api/v1/workouts/:id/route': () => ({ path: `/api/v1/workouts/${adas.workout}/route` }),
  'GET /api/v1/routes': () => ({ path: '/api/v1/routes?bbox=-180,-90,180,90' }),
  'GET /api/v1/ecg': () => ({ path: '/api/v1/ecg' }),
  'GET /api/v1/ecg/:id': () => ({ path: `/api/v1/ecg/${adas.ecg}` }),
  'GET /api/v1/events': () => ({ path: '/api/v1/events' }),
  'GET /api/v1/events/:id': () => ({ path: `/api/v1/events/${adas.event}` }),
  'GET /api/v1/preferences': () => ({ path: '/api/v1/preferences' }),
  'PATCH /api/v1/preferences': () => ({
    path: '/api/v1/preferences',
    body: '{"week_start":"sunday"}',
  }),
  'GET /api/v1/preferences/sources': () => ({ path: '/api/v1/preferences/sources' }),
  'PUT /api/v1/preferences/sources/:scope/:name': () => ({
    path: '/api/v1/preferences/sources/metric/step_count',
    body: '{"ranked":["GraceWatch"]}',
  }),
  'DELETE /api/v1/preferences/sources/:scope/:name': () => ({
    path: '/api/v1/preferences/sources/metric/step_count',
  }),
  'GET /api/v1/goals': () => ({ path: '/api/v1/goals' }),
  'POST /api/v1/goals': () => ({
    path: '/api/v1/goals',
    body: '{"metric":"step_count","period":"day","direction":"at_least","target":8000}',
  }),
  'GET /api/v1/goals/:id': () => ({ path: `/api/v1/goals/${adas.goal}` }),
  'PATCH /api/v1/goals/:id': () => ({ path: `/api/v1/goals/${adas.goal}`, body: '{"target":1}' }),
  'DELETE /api/v1/goals/:id': () => ({ path: `/api/v1/goals/${adas.goal}` }),
  'GET /api/v1/goals/:id/progress': () => ({ path: `/api/v1/goals/${adas.goal}/progress` }),
  'GET /api/v1/coverage': () => ({ path: '/api/v1/coverage' }),
  'GET /api/v1/stats': () => ({ path: '/api/v1/stats' }),
  'GET /api/v1/summary': () => ({ path: '/api/v1/summary?date=2026-03-02' }),
  'POST /api/v1/exports': () => ({ path: '/api/v1/exports', body: '{}' }),
  'GET /api/v1/exports': () => ({ path: '/api/v1/exports' }),
  'GET /api/v1/exports/:id': () => ({ path: `/api/v1/exports/${adas.export}` }),
  'GET /api/v1/exports/:id/download': () => ({ path: `/api/v1/exports/${adas.export}/download` }),
  'DELETE /api/v1/exports/:id': () => ({ path: `/api/v1/exports/${adas.export}` }),
  'DELETE /api/v1/me': () => ({ path: '/api/v1/me', body: '{}' }),
  'GET /api/v1/erasures/:id': () => ({ path: `/api/v1/erasures/${crypto.randomUUID()}` }),
  'POST /api/v1/keys': () => ({ path: '/api/v1/keys', body: '{"kind":"read"}', isOperators: true }),
  'GET /api/v1/keys': () => ({ path: '/api/v1/keys', isOperators: true }),
  'DELETE /api/v1/keys/:id': () => ({
    path: `/api/v1/keys/${adas.key}`,
    isOperators: true,
    harms: true,
  }),
  'POST /api/v1/admin/replay': () => ({
    path: '/api/v1/admin/replay',
    body: '{"from":"2026-01-01T00:00:00Z","to":"2030-01-01T00:00:00Z"}',
    isOperators: true,
  }),
  'GET /api/v1/admin/jobs': () => ({ path: '/api/v1/admin/jobs', isOperators: true }),
  'GET /api/v1/admin/jobs/:id': () => ({
    path: `/api/v1/admin/jobs/${adas.job}`,
    isOperators: true,
  }),
  'DELETE /api/v1/admin/jobs/:id': () => ({
    path: `/api/v1/admin/jobs/${adas.job}`,
    isOperators: true,
    harms: true,
  }),
  'POST /api/v1/admin/reconcile': () => ({
    path: '/api/v1/admin/reconcile',
    body: '{}',
    isOperators: true,
  }),
  'GET /api/v1/admin/audit': () => ({ path: '/api/v1/admin/audit', isOperators: true }),
  'GET /api/v1/admin/partitions': () => ({ path: '/api/v1/admin/partitions', isOperators: true }),
  'GET /health/detailed': () => ({ path: '/health/detailed', isOperators: true }),
  'GET /metrics': () => ({ path: '/metrics', isOperators: true }),
  'GET /': () => ({ path: '/' }),
  'GET /openapi.json': () => ({ path: '/openapi.json' }),
  'GET /docs': () => ({ path: '/docs' }),
  'GET /docs/start.js': () => ({ path: '/docs/start.js' }),
  'GET /docs/swagger-ui.css': () => ({ path: '/docs/swagger-ui.css' }),
  'GET /docs/swagger-ui-bundle.js': () => ({ path: '/docs/swagger-ui-bundle.js' }),
  'GET /schemas': () => ({ path: '/schemas' }),
  'GET /schemas/:name': () => ({ path: '/schemas/workouts' }),
  'GET /health': () => ({ path: '/health' }),
  'GET /live': () => ({ path: '/live' }),
  'GET /health/live': () => ({ path: '/health/live' }),
  'GET /ready': () => ({ path: '/ready' }),
  'GET /health/ready': () => ({ path: '/health/ready' }),
};

const nameOf = ({ method, path }: Operation): string => `${method} ${path}`;
const callOf = (operation: Operation): Call => {
  const make = CALLS[nameOf(operation)];
  if (make === undefined) throw new Error(`${nameOf(operation)} is not in the matrix.`);
  return make();
};
const routes = OPERATIONS.map((operation) => [nameOf(operation), operation] as const);
const guarded = routes.filter(([, { scope }]) => scope !== null);
const mayCall = ({ scope }: Operation, kind: KeyKind): boolean =>
  scope === null || SCOPES[kind].includes(scope);

const database = openDatabase({ ...ENV, ENVIRONMENT: 'local', NEON_ENDPOINT: neon });
const adasRows = () =>
  database.query({
    text: `
      select source, recorded_at, value, samples.received_at, revision, (
        select count(*) from ingestions where user_id = $1::uuid
      ) as uploads, (
        select jsonb_agg(target) from goals join goal_targets on goal_id = goals.id where user_id = $1::uuid
      ) as targets
      from series join samples on series_id = id
      where user_id = $1::uuid
      order by source, recorded_at`,
    params: [ada.id],
  });

beforeAll(async () => {
  const post = { method: 'POST', path: '/api/v1/sync' };
  const upload = await call(post, ada.keys.ing, payloadOf(CANARY.source, CANARY.value));
  expect(upload.status).toBe(200);
  adas.upload = JSON.parse(upload.text).data.id;
  const keys = await call({ method: 'GET', path: '/api/v1/keys' }, ada.keys.admin);
  adas.key = JSON.parse(keys.text).data.find(
    (key: { person_id: string; kind: string }) => key.person_id === ada.id && key.kind === 'ing',
  ).id;
  const job = await call(
    { method: 'POST', path: '/api/v1/admin/replay' },
    ada.keys.admin,
    '{"from":"2026-01-01T00:00:00Z","to":"2030-01-01T00:00:00Z"}',
  );
  adas.job = JSON.parse(job.text).data.id;
  const records = await call(post, ada.keys.ing, RECORDS);
  expect(JSON.parse(records.text).data).toMatchObject({ status: 'stored', issues: [] });
  const first = async (list: string) => {
    const { text } = await call({ method: 'GET', path: `/api/v1/${list}` }, ada.keys.read);
    return JSON.parse(text).data[0].id;
  };
  adas.night = await first('sleep');
  adas.workout = await first('workouts');
  adas.ecg = await first('ecg');
  adas.event = await first('events');
  const goal = await call(
    { method: 'POST', path: '/api/v1/goals' },
    ada.keys.read,
    `{"metric":"step_count","period":"day","direction":"at_least","target":${CANARY.value}}`,
  );
  adas.goal = JSON.parse(goal.text).data.id;
  const exported = await call({ method: 'POST', path: '/api/v1/exports' }, ada.keys.read, '{}');
  adas.export = JSON.parse(exported.text).data.id;
});

it('every route is in the matrix', () => {
  expect(Object.keys(CALLS).sort()).toEqual(routes.map(([name]) => name).sort());
});

describe.each(guarded)('%s', (_, operation) => {
  it('needs a key', async () => {
    const { path, body } = callOf(operation);
    const { status } = await call({ ...operation, path }, null, body);
    expect(status).toBe(401);
  });

  it.each(KINDS.filter((kind) => !mayCall(operation, kind)))(
    'refuses a key of kind %s',
    async (kind) => {
      const { path, body } = callOf(operation);
      const { status, text } = await call({ ...operation, path }, grace.keys[kind], body);
      expect([status, JSON.parse(text).error]).toEqual([403, 'scope_missing']);
    },
  );
});

describe.each(routes)('%s, asked by Grace', (_, operation) => {
  it.each(KINDS.filter((kind) => mayCall(operation, kind)))(
    'with her %s key shows and changes nothing of Ada',
    async (kind) => {
      const { path, body, isOperators, harms } = callOf(operation);
      if (harms) return;
      const before = await adasRows();
      const { text, status } = await call({ ...operation, path }, grace.keys[kind], body);
      expect(status).not.toBe(500);
      expect(text).not.toContain(CANARY.source);
      expect(text).not.toContain(String(CANARY.value));
      if (!isOperators) {
        expect(text).not.toContain(ada.id);
        expect(text.replaceAll(path, '')).not.toContain(adas.upload);
      }
      expect(await adasRows()).toEqual(before);
    },
  );
});

describe('records', () => {
  const ONE_OF_ADA = Object.keys(CALLS).filter((name) =>
    /^GET .*(sleep|workouts|ecg|events)\/:id/.test(name),
  );
  const ask = (name: string, key: string) =>
    call({ method: 'GET', path: CALLS[name]?.().path ?? '' }, key);

  it.each(ONE_OF_ADA)('%s shows Ada what it hides from Grace', async (name) => {
    const own = await ask(name, ada.keys.read);
    expect(own.status).toBe(200);
    expect(own.text).toMatch(/AdaCanaryWatch|4242\.4/);
    expect((await ask(name, grace.keys.read)).status).toBe(404);
  });
});

it("another's receipt cannot be told from one that does not exist", async () => {
  const ask = (id: string) =>
    call({ method: 'GET', path: `/api/v1/ingestions/${id}` }, grace.keys.read);
  const [others, nobodys] = await Promise.all([
    ask(adas.upload),
    ask('01900000-0000-7000-8000-000000000000'),
  ]);
  const plain = (text: string) => ({ ...JSON.parse(text), correlation_id: '', timestamp: '' });
  expect(others.status).toBe(404);
  expect(plain(others.text)).toEqual(plain(nobodys.text));
});

describe('row-level security', () => {
  const TABLES = [
    'users',
    'series',
    'samples',
    'blood_pressure',
    'sleep_nights',
    'sleep_stages',
    'ecg_recordings',
    'workouts',
    'workout_series',
    'workout_samples',
    'workout_routes',
    'own_routes',
    'events',
    'ingestions',
    'ingestion_slices',
    'set_aside',
    'day_totals',
    'source_preferences',
    'goals',
    'goal_targets',
    'exports',
  ];

  it('a question that forgets whom it is about finds only the rows of who asks', async () => {
    const asked = { text: 'select distinct source from series', params: [] };
    const sources = async (person: string) =>
      (await database.queryAs(person, asked)).map(({ source }) => source);
    expect(await sources(ada.id)).toEqual([expect.stringMatching(/adacanarywatch/i)]);
    expect(await sources(grace.id)).not.toContainEqual(expect.stringMatching(/adacanarywatch/i));
    const samples = { text: 'select count(*)::int as n from samples', params: [] };
    expect(await database.queryAs(ada.id, samples)).toEqual([{ n: 1 }]);
  });

  it.each(TABLES)('%s shows a stranger nothing', async (table) => {
    const asked = { text: `select count(*)::int as n from ${table}`, params: [] };
    expect(await database.queryAs(crypto.randomUUID(), asked)).toEqual([{ n: 0 }]);
  });

  it.each([
    'api_keys',
    'audit_log',
    'jobs',
    'job_steps',
    'export_files',
    'erasures',
    'samples_2026_03',
  ])('%s cannot be asked at all', async (table) => {
    const asked = { text: `select 1 from ${table}`, params: [] };
    await expect(database.queryAs(ada.id, asked)).rejects.toThrow('42501');
  });

  it('who reads cannot write', async () => {
    const asked = { text: 'delete from samples returning 1', params: [] };
    await expect(database.queryAs(ada.id, asked)).rejects.toThrow('42501');
  });
});

describe('headers', () => {
  it('keep browsers from guessing, framing and loading', async () => {
    const { headers } = await call({ method: 'GET', path: '/live' }, null);
    expect(headers.get('strict-transport-security')).toContain('max-age=63072000');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('also with a refusal', async () => {
    const { status, headers } = await call({ method: 'GET', path: '/api/v1/keys' }, null);
    expect([status, headers.get('x-content-type-options')]).toEqual([401, 'nosniff']);
  });

  it.each([
    ['https://board.example.org', 'https://board.example.org'],
    ['https://elsewhere.example.org', null],
  ])('a page of %s may ask: %s', async (origin, allowed) => {
    ENV.CORS_ORIGINS = 'https://board.example.org, https://other.example.org';
    const { headers } = await call({ method: 'GET', path: '/live' }, null, undefined, {
      Origin: origin,
    });
    const preflight = await call({ method: 'OPTIONS', path: '/api/v1/metrics' }, null, undefined, {
      Origin: origin,
      'Access-Control-Request-Method': 'GET',
    });
    ENV.CORS_ORIGINS = '';
    expect(headers.get('access-control-allow-origin')).toBe(allowed);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(allowed);
  });
});

describe('pages of other origins', () => {
  const origin = 'https://board.example.org';
  const { paths, components } = toDocument(OPERATIONS, '0');
  const listOf = (header: string | null) => (header ?? '').split(',').map((each) => each.trim());
  const ROUTES = OPERATIONS.map((each) => [`${each.method} ${each.path}`, each] as const);
  const described = ({ method, path }: Operation) =>
    paths[templateOf(path)]?.[method.toLowerCase()] as unknown as {
      parameters?: { $ref?: string }[];
      requestBody?: object;
      responses: Record<string, { headers?: object }>;
    };
  const preflight = async (route: Operation, requested: string[] = []) => {
    ENV.CORS_ORIGINS = origin;
    const { headers } = await call({ ...route, method: 'OPTIONS' }, null, undefined, {
      Origin: origin,
      'Access-Control-Request-Method': route.method,
      'Access-Control-Request-Headers': requested.join(', '),
    });
    ENV.CORS_ORIGINS = '';
    return headers;
  };

  it.each(ROUTES)('may ask %s with every header that it reads', async (_, route) => {
    const { parameters = [], requestBody } = described(route);
    const names = parameters.flatMap(({ $ref }) => {
      const named = components.parameters?.[$ref?.split('/').at(-1) ?? ''];
      return named === undefined ? [] : [(named as { name: string }).name];
    });
    const needed = [
      'X-Correlation-Id',
      'If-None-Match',
      ...names,
      ...(requestBody === undefined ? [] : ['Content-Type']),
      ...(route.scope === null ? [] : ['Authorization', 'X-API-Key', 'api-key']),
    ];
    const headers = await preflight(route, needed);
    expect(listOf(headers.get('access-control-allow-methods'))).toContain(route.method);
    expect(listOf(headers.get('access-control-allow-headers'))).toEqual(
      expect.arrayContaining(needed),
    );
  });

  it.each(ROUTES)(
    'may read every header that answers of %s are described with',
    async (_, route) => {
      const headers = await preflight(route);
      const exposed = listOf(headers.get('access-control-expose-headers'));
      const answered = Object.values(described(route).responses).flatMap(
        ({ headers: named = {} }) => Object.keys(named),
      );
      // How to send a key is for the browser's own dialogue, which keys do not use.
      expect(exposed).toEqual(
        expect.arrayContaining(answered.filter((name) => name !== 'WWW-Authenticate')),
      );
    },
  );

  it('may change no thing that no route changes', async () => {
    const headers = await preflight({ ...OPERATIONS[0], path: '/api/v1/metrics' } as Operation);
    expect(listOf(headers.get('access-control-allow-methods'))).toEqual(['GET']);
  });
});

it('Analytics Engine knows a person by the tag that metrics have, and paths by their pattern', async () => {
  const points: AnalyticsEngineDataPoint[] = [];
  const { TRAFFIC } = ENV;
  Object.assign(ENV, { TRAFFIC: { writeDataPoint: (point: object) => points.push(point) } });
  const asked = { method: 'GET', path: '/api/v1/metrics/step_count/samples' };
  await call(asked, ada.keys.read);
  await call(asked, null);
  const written = () => expect(points).toHaveLength(2);
  await vi.waitFor(written).finally(() => Object.assign(ENV, { TRAFFIC }));
  const tag = await personTag(ENV.KEY_PEPPER, ada.id);
  expect(points.map(({ indexes }) => indexes)).toEqual(expect.arrayContaining([[tag], ['none']]));
  expect(points[0]?.blobs?.[0]).toBe('GET /api/v1/metrics/:name/samples');
  expect(JSON.stringify(points)).not.toContain(ada.id);
});

describe('secrets that everyone knows', () => {
  const EXAMPLE = 'a pepper for this machine only, where nobody else listens';

  it('are refused in production', async () => {
    const { KEY_PEPPER } = ENV;
    Object.assign(ENV, { KEY_PEPPER: EXAMPLE, ENVIRONMENT: 'production' });
    const { status, text } = await call({ method: 'GET', path: '/api/v1/keys' }, ada.keys.admin);
    Object.assign(ENV, { KEY_PEPPER, ENVIRONMENT: 'production' });
    expect(status).toBe(500);
    expect(text).not.toContain('pepper');
  });
});
