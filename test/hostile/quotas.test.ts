import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metric, minutes, payload, steps } from '../integration/support/payloads.ts';
import {
  type Answer,
  type Person,
  startTestStack,
  type TestStack,
} from '../integration/support/stack.ts';

/** What one key may take of what all share, with the quotas of an installation as it comes. */

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
});
afterAll(() => test.stack.stop());

/** A person whose keys have no limits of their own. */
const newPerson = (): Promise<Person> => test.newPerson({});

const MEGABYTE = 1024 * 1024;
const QUOTA_BYTES = 10 * MEGABYTE;

const bytesLeft = ({ headers }: Answer): number =>
  Number(/"bytes";r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);

const json = (method: string, body: unknown): RequestInit => ({
  method,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers: { 'Content-Type': 'application/json' },
});

describe('bytes', () => {
  it('count as they are once unpacked', async () => {
    const ada = await newPerson();
    const body = payload(steps(...minutes(20_000)));
    const packed = gzipSync(body);
    expect(packed.length * 8).toBeLessThan(body.length);
    const answer = await test.post(ada, packed, { 'Content-Encoding': 'gzip' });
    expect(bytesLeft(answer)).toBe(QUOTA_BYTES - body.length);
  });

  it('of a first history are taken, and wait behind those of others', async () => {
    const ada = await newPerson();
    const body = payload(steps({ qty: 1, date: '2016-03-02 07:41:00 +0100' }));
    const padded = body.replace('{', `{${' '.repeat(11 * MEGABYTE)}`);
    const answer = await test.post(ada, padded);
    expect([answer.status, answer.body.data.status]).toEqual([202, 'deferred']);
  });
});

describe('a body of JSON', () => {
  const goals = '/api/v1/goals';

  it.each([
    ['that tells its length', (text: string): BodyInit => text],
    ['in chunks', (text: string): BodyInit => new Blob([text]).stream()],
  ])('%s is refused beyond 64 kB, without being read', async (_, send) => {
    const ada = await newPerson();
    const lists = `{"x":[${Array.from({ length: 200_000 }, () => '[]').join(',')}]}`;
    const { status, body } = await test.call(goals, ada.keys.read, {
      ...json('POST', ''),
      body: send(lists),
    });
    expect([status, body.error]).toEqual([413, 'body_too_large']);
    expect(body.detail).toContain('65536 bytes');
  });

  it('names the first things that are wrong with it, and how many there are', async () => {
    const ada = await newPerson();
    const units = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`unit_${i}`, 'kg']));
    const { status, body } = await test.call(
      '/api/v1/preferences',
      ada.keys.read,
      json('PATCH', { units }),
    );
    expect([status, body.errors?.length]).toEqual([400, 20]);
    expect(body).toMatchObject({ errors_total: 90 });
  });

  it('with more names than there are units is not looked at one by one', async () => {
    const ada = await newPerson();
    const units = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`unit_${i}`, 'kg']));
    const { status, body } = await test.call(
      '/api/v1/preferences',
      ada.keys.read,
      json('PATCH', { units }),
    );
    expect([status, body.errors?.length]).toEqual([400, 1]);
  });
});

describe('a change of the time zone', () => {
  const move = (ada: Person, time_zone: string) =>
    test.call('/api/v1/preferences', ada.keys.read, json('PATCH', { time_zone }));
  const ZONES = ['Asia/Tokyo', 'Europe/Paris', 'Asia/Seoul', 'Europe/Rome', 'Asia/Dubai'];

  it('is taken five times a day', async () => {
    const ada = await newPerson();
    const statuses: number[] = [];
    for (const zone of ZONES) statuses.push((await move(ada, zone)).status);
    // The same zone again changes nothing.
    statuses.push((await move(ada, 'Asia/Dubai')).status);
    const { status, body } = await move(ada, 'Europe/Oslo');
    expect([...statuses, status]).toEqual([200, 200, 200, 200, 200, 200, 429]);
    expect(body.error).toBe('zone_changes_exceeded');
    const week = await test.call(
      '/api/v1/preferences',
      ada.keys.read,
      json('PATCH', { week_start: 'sunday' }),
    );
    expect(week.status).toBe(200);
  });

  it('does not count where Postgres does not know the zone', async () => {
    const ada = await newPerson();
    await test.stack.query(`select allow_zone_change($1, 'Asia/Tokyo', 5)`, [ada.id]);
    expect((await move(ada, 'Mars/Olympus')).status).toBe(400);
    const [person] = await test.stack.query(
      'select cardinality(zone_changes) as times from users where id = $1',
      [ada.id],
    );
    expect(person?.times).toBe('1');
  });

  it('has days recomputed by one at a time, once it has been quiet', async () => {
    const ada = await newPerson();
    const take = async () => {
      const [row] = await test.stack.query('select take_recompute($1, 60, 180) as wait', [ada.id]);
      return row?.wait ?? null;
    };
    expect(await take()).toBeNull();
    await test.stack.query(
      `insert into stale_metrics (user_id, metric) values ($1, 'step_count')`,
      [ada.id],
    );
    expect(Number(await take())).toBeGreaterThan(50);
    await test.stack.query(
      `update stale_metrics set since = now() - interval '1 minute' where user_id = $1`,
      [ada.id],
    );
    expect(await take()).toBe('0');
    expect(Number(await take())).toBeGreaterThan(170);
    await test.stack.query('select release_recompute($1, 60)', [ada.id]);
    expect(await take()).toBe('0');
  });
});

describe('exports', () => {
  const start = (ada: Person) => test.call('/api/v1/exports', ada.keys.read, json('POST', {}));
  const keep = (ada: Person, status: string, count: number) =>
    test.stack.query(
      `insert into exports (user_id, key_id, correlation_id, include_raw, status)
       select $1::uuid, (select id from api_keys where user_id = $1::uuid limit 1), 'test', false, $2
       from generate_series(1, $3::int)`,
      [ada.id, status, String(count)],
    );

  it('are made one at a time', async () => {
    const ada = await newPerson();
    await keep(ada, 'running', 1);
    const { status, body } = await start(ada);
    expect([status, body.error]).toEqual([409, 'export_running']);
    const [row] = await test.stack.query('select count(*) from exports where user_id = $1', [
      ada.id,
    ]);
    expect(row?.count).toBe('1');
  });

  it('that begin at the same moment are one', async () => {
    const ada = await newPerson();
    const answers = await Promise.all(Array.from({ length: 8 }, () => start(ada)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses.filter((status) => status === 202).length).toBeGreaterThan(0);
    expect(statuses.filter((status) => status !== 202 && status !== 409)).toEqual([]);
    const running = await test.stack.query(
      `select 1 from exports where user_id = $1 and status = 'running'`,
      [ada.id],
    );
    expect(running.length).toBeLessThanOrEqual(1);
  });

  it('are kept five at most', async () => {
    const ada = await newPerson();
    await keep(ada, 'done', 5);
    const { status, body } = await start(ada);
    expect([status, body.error]).toEqual([409, 'exports_full']);
    expect(body.detail).toContain('Delete');
  });
});

describe('without a key', () => {
  const ask = (path: string, address: string) =>
    test.call(path, null, { headers: { 'CF-Connecting-IP': address } });
  /** More than two minutes' worth, so that the turn of a minute between them does not matter. */
  const askOften = async (path: string, address: string, times: number): Promise<number[]> => {
    const statuses: number[] = [];
    while (statuses.length < times) {
      const answers = Array.from({ length: 10 }, () => ask(path, address));
      for (const { status } of await Promise.all(answers)) statuses.push(status);
    }
    return statuses;
  };

  it('receipts of erasures are guessed sixty times a minute, and the database asked no more', async () => {
    const path = `/api/v1/erasures/${crypto.randomUUID()}`;
    const statuses = await askOften(path, '192.0.2.1', 140);
    expect(new Set(statuses)).toEqual(new Set([404, 429]));
    expect(statuses.filter((status) => status === 404).length).toBeLessThanOrEqual(120);
    const asked = test.logs
      .filter((line) => line.includes('/api/v1/erasures/') && line.includes('"status":429'))
      .map((line) => JSON.parse(line).database_requests);
    expect(asked.length).toBeGreaterThan(0);
    expect(new Set(asked)).toEqual(new Set([0]));
    expect((await ask(path, '192.0.2.2')).status).toBe(404);
  });

  it('an id from the future is none, and nobody is asked', async () => {
    const { status } = await ask(
      '/api/v1/erasures/ffffffff-ffff-7fff-bfff-ffffffffffff',
      '192.0.2.3',
    );
    expect(status).toBe(404);
    const line = test.logs.findLast((each) => each.includes('/api/v1/erasures/'));
    expect(JSON.parse(line ?? '{}').database_requests).toBe(0);
  });

  it('health is told three hundred times a minute', async () => {
    const statuses = await askOften('/health', '192.0.2.4', 640);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(600);
  });
});

describe('whoever waits', () => {
  it('for a receipt has an allowance for it', async () => {
    const ada = await newPerson();
    const { id } = (await test.post(ada, payload())).body.data;
    const { headers } = await test.call(`/api/v1/ingestions/${id}`, ada.keys.ing);
    expect(headers.get('ratelimit-policy')).toBe('"polls";q=72000;w=3600');
    expect(headers.get('ratelimit')).toContain('"polls";r=71999;');
  });
});

describe('coverage', () => {
  interface Page {
    data: { metrics: { metric: string }[] };
    pagination: { has_next: boolean; next_cursor: string | null };
  }

  it('has at most a hundred metrics a page, and all of them in the end', async () => {
    const ada = await newPerson();
    const names = Array.from({ length: 230 }, (_, i) => `made_up_${String(i).padStart(3, '0')}`);
    await test.upload(ada, payload(...names.map((name) => metric(name, 'count', minutes(1)))));
    const seen: string[] = [];
    let cursor = '';
    for (let pages = 0; pages < 4; pages++) {
      const { body } = await test.call(
        `/api/v1/coverage?from=2026-02-01&to=2026-03-03${cursor}`,
        ada.keys.read,
      );
      const { data, pagination } = body as unknown as Page;
      expect(data.metrics.length).toBeLessThanOrEqual(100);
      seen.push(...data.metrics.map((each) => each.metric));
      if (!pagination.has_next) break;
      cursor = `&cursor=${pagination.next_cursor}`;
    }
    expect(seen).toEqual(names);
  });
});
