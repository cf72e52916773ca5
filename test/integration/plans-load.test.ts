import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WORKERS_ROLE } from '../../local/stack/sql-backend.ts';
import type { Database, Row, Statement } from '../../src/database.ts';
import { decodeContext } from '../../src/hae/context.ts';
import { Cutter } from '../../src/hae/cut.ts';
import { decode } from '../../src/hae/decode.ts';
import { type SliceLoad, storeSlice } from '../../src/store/load.ts';
import { createOwnDatabase } from './support/own-database.ts';
import { minutes, payload, steps } from './support/payloads.ts';

/**
 * What the planner makes of each statement of a load, and which partitions a load locks until it ends: those that its
 * rows are in, however many there are.
 */

const url = process.env.TEST_DATABASE_URL ?? '';

let own: Awaited<ReturnType<typeof createOwnDatabase>>;
let client: pg.Client;
let person: string;
let key: string;

const RECEIVED_AT = Date.parse('2026-04-01T12:00:00Z');

function loadOf(body: string): SliceLoad {
  const bytes = new TextEncoder().encode(body);
  const cutter = new Cutter({ sliceBytes: 1_000_000 });
  cutter.push(bytes);
  const [slice] = cutter.end().slices;
  if (slice === undefined) throw new Error('There is no slice.');
  const ingestion = {
    id: uuidv7({ msecs: RECEIVED_AT }),
    userId: person,
    keyId: key,
    receivedAt: RECEIVED_AT,
    saidAt: RECEIVED_AT,
    replayOf: null,
    correlationId: 'plans',
    traceparent: null,
    timeZone: 'Europe/Vienna',
    automation: { name: null, id: null, aggregation: null, period: null, sessionId: null },
    idempotencyKey: null,
  };
  const decoded = decode(bytes, slice, decodeContext(ingestion));
  const archived = { rawKey: '', bytes: bytes.length, sha256: '', cut: '' };
  return { ingestion, archived, slicesTotal: 1, slice: 0, decoded };
}

/** The partitions that plans look into, and all relations that were locked when the last statement had run. */
interface Seen {
  planned: string[];
  locked: string[];
  lockedPartitions: string[];
}

/** Runs a load, statement by statement as the driver sends them, and rolls it back unless it `commits`. */
async function watch(load: SliceLoad, commits = false): Promise<Seen> {
  const seen: Seen = { planned: [], locked: [], lockedPartitions: [] };
  const transaction = async (statements: readonly Statement[]): Promise<Row[][]> => {
    await client.query('begin');
    // Row-level security has a say in plans, and the Workers are no owner.
    await client.query(`set local session authorization ${WORKERS_ROLE}`);
    try {
      const results: Row[][] = [];
      for (const { text, params } of statements) {
        if (!text.startsWith('set ')) seen.planned.push(...(await partitionsInPlan(text, params)));
        results.push((await client.query(text, [...params])).rows);
      }
      // What a commit would check.
      await client.query('set constraints all immediate');
      const { rows } = await client.query(LOCKED);
      seen.locked = rows.map(({ name }) => String(name));
      seen.lockedPartitions = rows
        .filter(({ is_partition }) => is_partition)
        .map(({ name }) => String(name));
      return results;
    } finally {
      await client.query(commits ? 'commit' : 'rollback');
    }
  };
  await storeSlice({ transaction } as Partial<Database> as Database, load);
  seen.planned = [...new Set(seen.planned)].sort();
  return seen;
}

/** Times come as text, as Neon's driver hands them on. */
const getTypeParser: typeof pg.types.getTypeParser = (type: number, format?: string) =>
  type === pg.types.builtins.TIMESTAMPTZ
    ? String
    : pg.types.getTypeParser(type, format as 'text' | undefined);

const LOCKED = `
  select relname as name, relispartition and relkind = 'r' as is_partition
  from pg_locks join pg_class on pg_class.oid = relation
  where locktype = 'relation' and pid = pg_backend_pid() and database <> 0 and relnamespace = 'public'::regnamespace
  group by 1, 2
  order by 1`;

interface Node {
  'Relation Name'?: string;
  Plans?: Node[];
}

async function partitionsInPlan(text: string, params: Statement['params']): Promise<string[]> {
  const { rows } = await client.query(`explain (format json) ${text}`, [...params]);
  const names = relationsOf(rows[0]['QUERY PLAN'][0].Plan);
  const found = await client.query(
    'select relname from pg_class where relname = any ($1) and relispartition',
    [names],
  );
  return found.rows.map(({ relname }) => String(relname));
}

const relationsOf = (node: Node): string[] => [
  ...(node['Relation Name'] === undefined ? [] : [node['Relation Name']]),
  ...(node.Plans ?? []).flatMap(relationsOf),
];

/** Months and years as former releases have made them. */
const MANY = `
  do $$
  declare
    parent record;
    low timestamp;
    step interval;
  begin
    for parent in select name, width from partitioned_tables where dated_by_payload loop
      step := ('1 ' || parent.width)::interval;
      for low in select generate_series('1968-01-01'::timestamp, '2026-12-01', step) loop
        if (select missing_months(parent.name, array[low at time zone 'UTC'])) is not null then
          execute format('create table %I partition of %I for values from (%L) to (%L)',
            parent.name || to_char(low, case parent.width when 'month' then '_YYYY_MM' else '_YYYY' end), parent.name,
            low at time zone 'UTC', (low + step) at time zone 'UTC');
        end if;
      end loop;
    end loop;
  end
  $$`;

const folder = join(import.meta.dirname, '../corpus');
const corpus = globSync('*.json', { cwd: folder })
  .filter((file) => !file.endsWith('.expected.json') && !file.startsWith('envelope'))
  .sort();
const bodyOf = (file: string) => readFileSync(join(folder, file), 'utf8');

/** A workout, or an event with an id, is looked for in every year: its start may have been another one before. */
const KNOWN_BY_ID = /^(workouts|workout_routes|events)_(\d{4}|before)/;

/** Relations, indexes among them, of a load of samples in one month. */
const MAX_LOCKS = 80;

describe.runIf(url)('a load', () => {
  const few = new Map<string | undefined, Seen>();
  const day = payload(
    steps(...minutes(300), ...minutes(300, 'iPhone')),
    { name: 'heart_rate', units: 'bpm', data: minutes(300) },
    { name: 'weight', units: 'kg', data: minutes(1) },
  );

  beforeAll(async () => {
    own = await createOwnDatabase(url);
    client = new pg.Client({ connectionString: own.url, types: { getTypeParser } });
    await client.connect();
    const { rows } = await client.query(`
      with person as (insert into users (email, time_zone) values ('a@example.org', 'Europe/Vienna') returning id)
      insert into api_keys (user_id, kind, lookup, secret_hash)
      select id, 'ing', 'abcdefghijkl', '' from person
      returning user_id, id`);
    person = rows[0].user_id;
    key = rows[0].id;
    const bodies = [['a day', day], ...corpus.map((file) => [file, bodyOf(file)])] as const;
    for (const [, body] of bodies) await watch(loadOf(body), true);
    for (const [name, body] of bodies) few.set(name, await watch(loadOf(body)));
    await client.query(MANY);
    // The check of a foreign key is planned five times before its plan is kept, and a plan locks every index it might use.
    for (let i = 0; i < 6; i++) await watch(loadOf(day), true);
    // 700 partitions of each table take their time.
  }, 600_000);
  afterAll(async () => {
    await client.end();
    await own.drop();
  });

  it('has 700 partitions of samples beside it in this test', async () => {
    const { rows } = await client.query(
      `select count(*)::int as n from partition_report where table_name = 'samples'`,
    );
    expect(rows[0].n).toBeGreaterThanOrEqual(700);
  });

  it('of a day locks as much among 700 partitions as alone, and little', async () => {
    const seen = await watch(loadOf(day));
    expect(seen.locked).toEqual(few.get('a day')?.locked);
    expect(seen.locked.length).toBeLessThanOrEqual(MAX_LOCKS);
    expect(seen.lockedPartitions.filter((name) => name.startsWith('samples'))).toEqual([
      'samples_2026_03',
    ]);
  });

  it.each(corpus)('of %s plans and locks the partitions that its rows are in', async (file) => {
    const seen = await watch(loadOf(bodyOf(file)));
    const ofRows = (names: readonly string[] = []) =>
      names.filter((name) => !KNOWN_BY_ID.test(name));
    expect(ofRows(seen.planned)).toEqual(ofRows(few.get(file)?.planned));
    expect(ofRows(seen.lockedPartitions)).toEqual(ofRows(few.get(file)?.lockedPartitions));
  });

  it('of something old locks one partition for it', async () => {
    const old = steps({ qty: 1, date: '1995-05-05 12:00:00 +0000' });
    const { lockedPartitions } = await watch(loadOf(payload(old)));
    expect(lockedPartitions.filter((name) => name.startsWith('samples'))).toEqual([
      'samples_1995_05',
    ]);
  });
});
