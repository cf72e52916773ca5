import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { totalsByHand } from './support/oracle.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

/** Whatever sources and groupings say of a day, corrected, repeated, at once or in turn: its total is that of its samples. */

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
});
afterAll(() => test.stack.stop());

const ZONE = 'Europe/Berlin';
/** The clocks go forward on the second of the days. */
const FIRST_HOUR = Date.UTC(2026, 2, 27, 23);
const SOURCES = ['Watch', 'iPhone', 'iPhone|Watch', 'Scale'];
const GROUPINGS = { Minutes: 60_000, Default: 60_000, Seconds: 1_000, Hours: 3_600_000 } as const;
const METRICS = [
  ['step_count', 'count'],
  ['body_mass_index', 'count'],
  ['dietary_water', 'mL'],
] as const;

const point = fc.record({
  metric: fc.nat(METRICS.length - 1),
  source: fc.nat(SOURCES.length - 1),
  // Few moments, so that sources meet.
  hour: fc.nat(70),
  minute: fc.constantFrom(0, 1, 30),
  second: fc.constantFrom(0, 5),
  value: fc.integer({ min: 0, max: 500 }),
});

const upload = fc.record({
  grouping: fc.constantFrom(
    ...(Object.keys(GROUPINGS) as (keyof typeof GROUPINGS)[]),
    'Days',
    null,
  ),
  partial: fc.boolean(),
  points: fc.array(point, { minLength: 1, maxLength: 25 }),
});

type Upload = typeof upload extends fc.Arbitrary<infer T> ? T : never;

function momentOf(
  { hour, minute, second }: Upload['points'][number],
  grouping: Upload['grouping'],
) {
  const at = FIRST_HOUR + hour * 3_600_000 + minute * 60_000 + second * 1_000;
  if (grouping === 'Days') {
    // Midnight of Berlin: 23:00 UTC before the change, 22:00 after it.
    const day = Math.floor(hour / 24);
    return FIRST_HOUR + day * 86_400_000 - (day > 1 ? 3_600_000 : 0);
  }
  const width = grouping === null ? 1_000 : GROUPINGS[grouping];
  return Math.floor(at / width) * width;
}

async function send(person: Person, { grouping, partial, points }: Upload, salt: number) {
  const metrics = points.map((each) => ({
    name: METRICS[each.metric]?.[0],
    units: METRICS[each.metric]?.[1],
    data: [
      {
        qty: each.value,
        date: new Date(momentOf(each, grouping)).toISOString(),
        source: SOURCES[each.source],
      },
    ],
  }));
  await test.upload(person, JSON.stringify({ data: { metrics }, salt }), {
    ...(grouping === null ? {} : { 'automation-aggregation': grouping }),
    'automation-period': partial ? 'Since Last Sync' : 'Today',
  });
}

const stored = async (person: Person) =>
  (
    await test.stack.query(
      `select metric, kind = 'sum' as adds, source, grouping, extract(epoch from recorded_at) * 1000 as at, value
       from samples join series on series.id = series_id join metrics on metrics.name = metric where user_id = $1`,
      [person.id],
    )
  ).map((row) => ({
    metric: String(row.metric),
    adds: row.adds === 't' || row.adds === 'true',
    source: String(row.source),
    grouping: String(row.grouping),
    at: Number(row.at),
    value: Number(row.value),
  }));

/** Days of very many sources are left to the clock. */
const countLeftOver = (person: Person) =>
  test.stack.query(
    `with left_over as (delete from stale_metrics where user_id = $1 returning user_id, metric)
     select remake_days(user_id, metric, '2026-03-26', '2026-04-02') from left_over`,
    [person.id],
  );

const kept = async (person: Person) =>
  new Map(
    (
      await test.stack.query(
        `select metric || ' ' || day as key, samples, total, min, max, stale from day_totals where user_id = $1 order by 1`,
        [person.id],
      )
    ).map((row) => {
      expect(['f', 'false']).toContain(row.stale);
      return [
        row.key,
        {
          samples: Number(row.samples),
          total: Number(row.total),
          min: Number(row.min),
          max: Number(row.max),
        },
      ];
    }),
  );

/** FC_SEED repeats a run that failed, FC_RUNS makes a longer one. */
const SEED = process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) };
const RUNS = Number(process.env.FC_RUNS ?? 25);

it('the total of each day is what its samples come to', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(upload, { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      async (uploads, together) => {
        const ada = await test.newPerson();
        await test.stack.query('update users set time_zone = $2 where id = $1', [ada.id, ZONE]);
        if (together) await Promise.all(uploads.map((each, i) => send(ada, each, i)));
        else for (const [i, each] of uploads.entries()) await send(ada, each, i);
        await countLeftOver(ada);
        expect(await kept(ada)).toEqual(totalsByHand(ZONE, await stored(ada)));
      },
    ),
    { numRuns: RUNS, ...SEED },
  );
});
