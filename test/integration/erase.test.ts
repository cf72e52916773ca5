import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import MemoryRedis from 'ioredis-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toMessage } from '../../src/ingest/message.ts';
import type { ErasureReceipt } from '../../src/store/erasures.ts';
import { EXAMPLE, exportAll, exportsOf, uploadEverything } from './support/exports.ts';
import { minutes, payload, steps } from './support/payloads.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

let test: TestStack;
let redis: Redis;
let ada: Person;
let grace: Person;
beforeAll(async () => {
  test = await startTestStack();
  // All that are made in a process share their memory.
  const url = process.env.TEST_REDIS_URL;
  redis = url === undefined ? new MemoryRedis() : new Redis(url);
});
beforeEach(async () => {
  [ada, grace] = [await test.newPerson(), await test.newPerson()];
});
afterAll(async () => {
  await redis.quit();
  await test.stack.stop();
});

const me = (key: string, body: object = {}) =>
  test.call('/api/v1/me', key, {
    method: 'DELETE',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json' },
  });

type Kept = { what: string; kept_for: string }[];

interface Question {
  confirm: string;
  kept: Kept;
  will_erase: { rows: Record<string, number>; objects: Record<string, number> };
}

const ask = async (key: string): Promise<Question> => {
  const { status, body } = await me(key);
  expect(status).toBe(202);
  return body.data as unknown as Question;
};

async function eraseAda() {
  const { confirm } = await ask(ada.keys.read);
  const { status, body, headers } = await me(ada.keys.read, { confirm });
  return { status, receipt: body.data as unknown as ErasureReceipt & { kept: Kept }, headers };
}

const receiptOf = async (id: string) =>
  (await test.call(`/api/v1/erasures/${id}`, null)).body.data as unknown as ErasureReceipt;

async function erased(id: string): Promise<ErasureReceipt> {
  for (const end = Date.now() + 60_000; Date.now() < end; await setTimeout(50)) {
    const receipt = await receiptOf(id);
    if (receipt.status === 'done') return receipt;
  }
  throw new Error(`The erasure does not end: ${test.logs.slice(-5).join('\n')}`);
}

/** What is known of a person by a number or a name, so that it can be looked for after. */
async function marksOf(person: Person): Promise<string[]> {
  const rows = await test.stack.query(
    `select id::text as mark from api_keys where user_id = $1
     union all select id::text from ingestions where user_id = $1
     union all select email from users where id = $1`,
    [person.id],
  );
  return [person.id, ...rows.map(({ mark }) => String(mark))];
}

const seriesOf = async (person: Person) =>
  (await test.stack.query('select id from series where user_id = $1', [person.id])).map(({ id }) =>
    Number(id),
  );

/** These keep the id alone, and say so. */
const RECORDS = ['audit_log', 'erasures'];

/** Every table and partition there is in which something of it is left. */
async function findInTables(marks: readonly string[], series: readonly number[]) {
  const tables = await test.stack.query(
    `select format('%I.%I', nspname, relname) as name,
       exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'series_id') as has_series
     from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     where relkind = 'r' and nspname in ('public', 'retired') and not relname like any ($1::text[])`,
    [`{${RECORDS.map((name) => `${name}%`).join(',')}}`],
  );
  const found: string[] = [];
  for (const { name, has_series } of tables) {
    const [row] = await test.stack.query(
      `select count(*) as n from ${name} as t where t::text ilike any ($1::text[])
       ${has_series === 't' || has_series === 'true' ? `or series_id = any ('{${series.join(',')}}')` : ''}`,
      [`{${marks.map((mark) => `"%${mark}%"`).join(',')}}`],
    );
    if (row?.n !== '0') found.push(`${name}: ${row?.n}`);
  }
  return found;
}

async function findInRedis(marks: readonly string[]): Promise<string[]> {
  const names = await redis.keys('*');
  const found: string[] = [];
  for (const name of names) {
    const value = (await redis.type(name)) === 'string' ? await redis.get(name) : '';
    if (marks.some((mark) => `${name} ${value}`.includes(mark))) found.push(`${name}: ${value}`);
  }
  return found;
}

async function findInArchive(person: Person): Promise<string[]> {
  const bucket = await test.archive();
  const { objects } = await bucket.list({ prefix: '' });
  return objects.map(({ key }) => key).filter((key) => key.includes(person.id));
}

const snapshot = async (person: Person) => ({
  rows: await test.rows(person),
  receipts: await test.receipts(person),
  archive: await findInArchive(person),
});

/** One person's key does something for another. */
async function replayAsOperator(operator: Person, person: Person): Promise<void> {
  const [row] = await test.stack.query('select email from users where id = $1', [person.id]);
  const span = { from: '2026-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z', apply: true };
  const { status } = await test.call('/api/v1/admin/replay', operator.keys.admin, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...span, person: row?.email }),
  });
  expect(status).toBe(202);
  const open = `select 1 from jobs left join ingestions using (user_id)
    where user_id = $1 and (jobs.status = 'running' or completed_at is null)`;
  while ((await test.stack.query(open, [person.id])).length > 0) await setTimeout(50);
}

describe('an erasure', () => {
  it('leaves nothing of the person anywhere, and everything of the others', async () => {
    for (const person of [ada, grace]) {
      await uploadEverything(test, person);
      await test.upload(person, payload(steps(...minutes(3_000))));
      await test.post(person, 'no json at all');
      await exportAll(test, person);
    }
    await replayAsOperator(ada, grace);
    const graces = await snapshot(grace);
    expect(graces.receipts).toBe(6);
    const [marks, series] = [await marksOf(ada), await seriesOf(ada)];
    expect(await findInTables(marks, series)).not.toEqual([]);
    expect(await findInRedis(marks)).not.toEqual([]);

    await test.stack.query(`insert into readers (role, user_id) values ('login_of_ada', $1)`, [
      ada.id,
    ]);
    const question = await ask(ada.keys.read);
    expect(question.will_erase.rows.samples).toBeGreaterThan(3_000);
    expect(question.will_erase.objects).toMatchObject({ exports: 1 });
    expect(await test.rows(ada)).not.toEqual([]);

    const { status, receipt, headers } = await eraseAda();
    expect([status, receipt.status]).toEqual([200, 'done']);
    expect(headers.get('location')).toBe(`/api/v1/erasures/${receipt.id}`);
    expect(receipt.remaining).toEqual({});
    expect(question.kept).toEqual(receipt.kept);
    for (const place of [
      'receipt',
      'audit log',
      'Analytics Engine',
      'Workers Logs',
      'Neon',
      'login',
    ]) {
      expect(receipt.kept.filter(({ what }) => what.includes(place))).toHaveLength(1);
    }
    for (const [table, rows] of Object.entries(question.will_erase.rows)) {
      expect([table, receipt.erased[table]]).toEqual([table, rows]);
    }
    expect(receipt.erased).toMatchObject({ users: 1, api_keys: 3, readers: 1 });
    expect(receipt.objects).toEqual(question.will_erase.objects);
    expect(receipt.cache_entries).toBeGreaterThan(0);

    expect(await findInTables(marks, series)).toEqual([]);
    expect(await findInRedis(marks)).toEqual([]);
    expect(await findInArchive(ada)).toEqual([]);
    expect(await snapshot(grace)).toEqual(graces);
    for (const key of Object.values(ada.keys)) {
      expect((await test.call('/api/v1/metrics', key)).status).toBe(401);
    }
    expect(JSON.stringify(await receiptOf(receipt.id))).not.toContain(ada.id);
  });

  it('stays on record: who did it, and when', async () => {
    const { receipt } = await eraseAda();
    const { body } = await test.call(`/api/v1/admin/audit?person_id=${ada.id}`, grace.keys.admin);
    expect(body.data).toMatchObject([{ action: 'erased', object: receipt.id, details: null }]);
  });

  it('takes along what was retired', async () => {
    const old = Array.from({ length: 5 }, (_, i) => ({
      qty: i,
      date: `1979-06-15 10:0${i}:00 +0000`,
    }));
    for (const person of [ada, grace]) {
      await test.upload(person, payload(steps(...old)));
    }
    // Receipts of long ago, with what hangs on them.
    await test.stack.query(
      `select ensure_partitions(name, array['1978-01-15'::timestamptz])
       from unnest(array['ingestions', 'ingestion_slices', 'set_aside', 'audit_log']) as name`,
    );
    await test.stack.query(
      `insert into ingestions select * from jsonb_populate_record(null::ingestions, (
         select to_jsonb(ingestions) || '{"received_at":"1978-01-15T00:00:00Z"}' from ingestions where user_id = $1 limit 1))`,
      [ada.id],
    );
    await test.stack.query(
      `insert into ingestion_slices (ingestion_id, received_at, slice, counts)
       select id, received_at, 0, '{}' from ingestions where received_at < '1979-01-01'`,
    );
    await test.stack.query(
      `update partitioned_tables set keep = case name when 'samples' then interval '12 years' else interval '40 years' end
       where name in ('samples', 'ingestions')`,
    );
    await test.ring('43 3 * * *');
    await test.stack.query('update partitioned_tables set keep = null');
    const [marks, series] = [await marksOf(ada), await seriesOf(ada)];
    const before = await findInTables(marks, series);
    expect(before.filter((name) => name.startsWith('retired.')).sort()).toEqual([
      expect.stringMatching(/^retired.ingestion_slices_1978_01: 1/),
      expect.stringMatching(/^retired.ingestions_1978_01: 1/),
      expect.stringMatching(/^retired.samples_before_2014: 5/),
    ]);
    const { status } = await eraseAda();
    expect(status).toBe(200);
    expect(await findInTables(marks, series)).toEqual([]);
    const [left] = await test.stack.query('select count(*) as n from retired.samples_before_2014');
    expect(left?.n).toBe('5');
  });
});

describe('what comes in late', () => {
  it('a message that was waiting does nothing, and is not tried for hours', async () => {
    const receipt = await test.upload(ada, payload(steps(...minutes(20))));
    const [row] = await test.stack.query('select * from ingestions where id = $1', [receipt.id]);
    const [key] = await test.stack.query('select key_id from ingestions where id = $1', [
      receipt.id,
    ]);
    const bytes = Number(row?.bytes);
    const job = {
      ingestion: {
        id: crypto.randomUUID(),
        userId: ada.id,
        keyId: String(key?.key_id),
        receivedAt: Date.now(),
        saidAt: Date.now(),
        replayOf: null,
        correlationId: 'late',
        traceparent: null,
        timeZone: 'UTC',
        automation: { name: null, id: null, aggregation: null, period: null, sessionId: null },
        idempotencyKey: null,
      },
      archived: { rawKey: `raw/${ada.id}/2026-03-01/late`, bytes, sha256: 'a', cut: '' },
      slicesTotal: 1,
      slice: {
        number: 0,
        start: 0,
        end: bytes,
        opening: '',
        closing: '',
        items: 20,
        place: { section: '', element: 0, point: 0 },
      },
      stored: null,
    };
    const [marks, series] = [await marksOf(ada), await seriesOf(ada)];
    await eraseAda();
    // Its body came in late, too: only that makes the message worth a try.
    const bucket = await test.archive();
    await bucket.put(job.archived.rawKey, payload(steps(...minutes(20))).slice(0, bytes));
    await test.enqueue([toMessage(job)]);
    for (let tries = 0; tries < 200 && !test.logs.some(isOfNobody); tries++) await setTimeout(50);
    expect(test.logs.filter(isOfNobody)).toHaveLength(1);
    expect(await findInTables(marks, series)).toEqual([]);

    await test.ring('17 * * * *');
    expect(await findInArchive(ada)).toEqual([]);
    expect(await findInTables(marks, series)).toEqual([]);
  });

  const isOfNobody = (line: string) => line.includes('slice person_gone') && line.includes(ada.id);

  it('an upload during the erasure finds nobody, and its body goes with the clock', async () => {
    await test.upload(ada, payload(steps(...minutes(5))));
    const marks = await marksOf(ada);
    const { receipt } = await eraseAda();
    // As an upload leaves it whose request had passed the keys before.
    const bucket = await test.archive();
    await bucket.put(`raw/${ada.id}/2026-03-01/${crypto.randomUUID()}`, EXAMPLE);
    await test.ring('17 * * * *');
    expect(await findInArchive(ada)).toEqual([]);
    expect(await findInTables(marks, [])).toEqual([]);
    expect((await receiptOf(receipt.id)).objects).toMatchObject({ raw: 2 });

    await test.stack.query(
      `update erasures set finished_at = now() - interval '3 days' where id = $1`,
      [receipt.id],
    );
    await test.ring('17 * * * *');
    const [row] = await test.stack.query('select person_id from erasures where id = $1', [
      receipt.id,
    ]);
    expect(row?.person_id).toBeNull();
  });

  it('an export that is under way ends with it', async () => {
    await test.upload(ada, payload(steps(...minutes(30_000))));
    const { id } = await exportsOf(test, ada).start();
    const { receipt } = await eraseAda();
    await erased(receipt.id);
    await setTimeout(1_000);
    await test.ring('17 * * * *');
    expect(await findInArchive(ada)).toEqual([]);
    expect(await findInTables([ada.id, id], [])).toEqual([]);
  });
});

describe('an erasure that was interrupted', () => {
  it('goes on with the clock, and until then the keys open nothing', async () => {
    await test.upload(ada, payload(steps(...minutes(50))));
    const [marks, series] = [await marksOf(ada), await seriesOf(ada)];
    const { confirm } = await ask(ada.keys.admin);
    test.stack.redis.pause();
    const { status, body } = await me(ada.keys.admin, { confirm });
    const { id } = body.data as unknown as ErasureReceipt;
    expect([status, (await receiptOf(id)).status]).toEqual([202, 'running']);
    expect((await test.call('/api/v1/metrics', ada.keys.admin)).status).toBe(401);
    expect((await test.post(ada, payload(steps(...minutes(3))))).status).toBe(401);
    test.stack.redis.resume();
    await test.stack.query(
      `update erasures set touched_at = now() - interval '1 hour' where id = $1`,
      [id],
    );
    await test.ring('17 * * * *');
    expect((await erased(id)).remaining).toEqual({});
    expect(await findInTables(marks, series)).toEqual([]);
    expect(await findInRedis(marks)).toEqual([]);
  });

  it('half way through the tables erases the other half, and counts all', async () => {
    await uploadEverything(test, ada);
    const [marks, series] = [await marksOf(ada), await seriesOf(ada)];
    const { will_erase } = await ask(ada.keys.read);
    await test.stack.query(
      `with begun as (insert into erasures (person_id, correlation_id, touched_at) values ($1, 'half', '2026-01-01') returning id)
       update users set erasing_since = now() where id = $1`,
      [ada.id],
    );
    const [row] = await test.stack.query('select id from erasures where person_id = $1', [ada.id]);
    const id = String(row?.id);
    const half = 'select erase_rows($1::uuid, 20) as is_last';
    expect((await test.stack.query(half, [id]))[0]?.is_last).toMatch(/^f/);
    expect((await test.stack.query(half, [id]))[0]?.is_last).toMatch(/^f/);
    await test.stack.query(`update erasures set touched_at = '2026-01-01' where id = $1`, [id]);
    await test.ring('17 * * * *');
    const receipt = await erased(id);
    for (const [table, rows] of Object.entries(will_erase.rows)) {
      expect([table, receipt.erased[table]]).toEqual([table, rows]);
    }
    expect(await findInTables(marks, series)).toEqual([]);
  });
});

describe('the confirmation', () => {
  it('is that of the key that asked, and nothing else', async () => {
    await test.upload(ada, payload(steps(...minutes(5))));
    const { confirm } = await ask(ada.keys.read);
    const expired = `${Date.now() - 1}.${confirm.split('.')[1]}`;
    const later = `${Number(confirm.split('.')[0]) + 1}.${confirm.split('.')[1]}`;
    for (const token of ['', 'yes', expired, later, `${confirm}0`]) {
      const { status, body } = await me(ada.keys.read, { confirm: token });
      expect([token, status, body.error]).toEqual([token, 400, 'confirmation_invalid']);
    }
    expect((await me(ada.keys.admin, { confirm })).status).toBe(400);
    expect((await me(grace.keys.read, { confirm })).status).toBe(400);
    expect((await me(ada.keys.ing, { confirm })).status).toBe(403);
    expect(await test.rows(ada)).toHaveLength(5);
  });

  it('may come as a header, to who sends no body', async () => {
    const { confirm } = await ask(ada.keys.admin);
    const headers = { 'X-Confirm': confirm };
    const { status, body } = await test.call('/api/v1/me', ada.keys.admin, {
      method: 'DELETE',
      headers,
    });
    expect([status, body.data.status]).toEqual([200, 'done']);
  });

  it('takes the key itself: one that is only remembered does not do', async () => {
    await test.upload(ada, payload(steps(...minutes(5))));
    const { confirm } = await ask(ada.keys.read);
    await test.stack.query(`update api_keys set revoked_at = now() where user_id = $1`, [ada.id]);
    expect((await test.call('/api/v1/metrics', ada.keys.read)).status).toBe(200);
    const { status, body } = await me(ada.keys.read, { confirm });
    expect([status, body.error]).toEqual([401, 'key_revoked']);
    expect(await test.rows(ada)).toHaveLength(5);
  });
});
