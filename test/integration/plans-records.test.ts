import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Statement } from '../../src/database.ts';
import { selectEvents } from '../../src/read/events.ts';
import { type RouteQuestion, selectRoutes } from '../../src/read/routes.ts';
import { selectWorkouts } from '../../src/read/workouts.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

/** How Postgres goes about questions of one person among many rows: as the role that asks them. */

let test: TestStack;
let person: Person;
beforeAll(async () => {
  test = await startTestStack();
  person = await test.newPerson();
  const other = await test.newPerson();
  await test.stack.query(`
    select ensure_partitions(name, array['2025-06-01'::timestamptz, '2026-06-01'])
    from unnest('{workouts,workout_routes,events}'::text[]) as name`);
  await test.stack.query(WORKOUTS, [person.id, other.id]);
  await test.stack.query(ROUTES, [person.id, other.id]);
  await test.stack.query(EVENTS, [person.id, other.id]);
  await test.stack.query('analyze workouts, workout_routes, events');
});
afterAll(() => test.stack.stop());

/** Of two people in turn, three hours apart: 5,000 over two years. */
const WORKOUTS = `
  insert into workouts (user_id, external_id, started_at, received_at, name, version, source, attributes, fingerprint)
  select case i % 2 when 0 then $1::uuid else $2::uuid end, i::text,
    '2025-01-02'::timestamptz + i * interval '3 hours', now(), 'Walk', 2, 'Watch', '{}', i
  from generate_series(1, 5000) as i`;

/** Twenty points each, all over the Earth. */
const ROUTES = `
  insert into workout_routes
  select id, started_at, user_id, now(), 20,
    (
      select ST_MakeLine(array_agg(ST_SetSRID(ST_MakePoint(
        (id * 37) % 360 - 179.9 + k * 0.001, (id * 13) % 160 - 80 + k * 0.001, 200), 4326) order by k))
      from generate_series(1, 20) as k
    )::geography,
    array_fill(started_at, array[20]), none, none, none, none, none, none, id
  from workouts, array_fill(null::real, array[20]) as none
  where user_id in ($1::uuid, $2::uuid)`;

const EVENTS = `
  insert into events (user_id, kind, key, started_at, received_at, name, source, attributes, fingerprint)
  select case i % 2 when 0 then $1::uuid else $2::uuid end, 'symptom', i::text,
    '2025-01-02'::timestamptz + i * interval '1 hour', now(), 'Headache', 'Health', '{}', i
  from generate_series(1, 15000) as i`;

interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Plans?: Node[];
}

/** All steps of the plan, as the reading role gets it. Parameters stand in the text: settings take none. */
async function planOf({ text, params }: Statement): Promise<Node[]> {
  const literal = (index: string) => {
    const value = params[Number(index) - 1] ?? null;
    return value === null ? 'null' : `'${String(value).replaceAll("'", "''")}'`;
  };
  const asked = text.replace(/\$(\d+)/g, (_, index: string) => literal(index));
  await test.stack.query(EXPLAIN);
  const [row] = await test.stack.query('select explained($1, $2) as plan', [person.id, asked]);
  return flattened(JSON.parse(row?.plan ?? '[]')[0].Plan);
}

const EXPLAIN = `
  create or replace function explained(person text, asked text) returns json
  language plpgsql as $$
  declare
    plan json;
  begin
    perform set_config('role', 'self_sensored_reader', true), set_config('app.person', person, true);
    execute 'explain (format json) ' || asked into plan;
    perform set_config('role', 'none', true);
    return plan;
  end
  $$`;

const flattened = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(flattened)];

/** Of the years that are full. Whole scans of small partitions that other tests have left are right. */
const scansOf = (plan: readonly Node[], table: string): Node[] =>
  plan.filter((node) =>
    [node['Relation Name'], node['Index Name']].some((name = '') =>
      new RegExp(`^${table}_202[56]`).test(name),
    ),
  );

const page = { userId: '', from: null, to: null, after: null, limit: 101 };
const routesAt = (place: RouteQuestion['place']) =>
  planOf(selectRoutes({ ...page, userId: person.id, place }));

describe('routes through a place', () => {
  it.each([
    ['a box', { box: { west: 16, south: 48, east: 17, north: 49 } }],
    ['a box across the antimeridian', { box: { west: 179, south: -18, east: -179, north: -16 } }],
    ['the surroundings of a point', { circle: { latitude: 48, longitude: 16, within: 1_000 } }],
  ])('%s: are found by their place, no table is read whole', async (_, place) => {
    const scans = scansOf(await routesAt(place), 'workout_routes');
    expect(scans.map((node) => node['Node Type'])).not.toContain('Seq Scan');
    const byPlace = scans.filter((node) => node['Index Cond']?.includes('track &&'));
    expect(byPlace.length).toBeGreaterThanOrEqual(2);
    for (const node of byPlace) expect(node['Index Name']).toMatch(/track_idx$/);
  });
});

it('the first workouts of a span are read in order, and no others', async () => {
  const from = Date.parse('2026-03-01T00:00:00Z');
  const plan = await planOf(
    selectWorkouts({ ...page, userId: person.id, from, activity: null, source: null, limit: 21 }),
  );
  const scans = scansOf(plan, 'workouts');
  expect(scans).toMatchObject([{ 'Index Name': 'workouts_2026_user_id_started_at_idx' }]);
});

it('the first events of a span are read in order, and no others', async () => {
  const from = Date.parse('2026-03-01T00:00:00Z');
  const question = { ...page, userId: person.id, from, kind: null, code: null, name: null };
  const scans = scansOf(await planOf(selectEvents({ ...question, limit: 21 })), 'events');
  expect(scans).toMatchObject([{ 'Index Name': 'events_2026_user_id_started_at_idx' }]);
});
