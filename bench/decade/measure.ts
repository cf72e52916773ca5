import { join } from 'node:path';
import pg from 'pg';
import { applyMigrations } from '../../local/commands/apply-migrations.ts';
import type { Statement } from '../../src/database.ts';
import {
  type AggregateQuestion,
  aggregateDays,
  aggregateSamples,
} from '../../src/read/aggregate.ts';
import { selectRoutes } from '../../src/read/routes.ts';
import { selectSamples } from '../../src/read/samples.ts';
import { startCluster } from '../postgres.ts';
import type { Report } from '../report.ts';
import { median, quantile } from '../statistics.ts';
import { buildDecade, findDecade } from './build.ts';
import { LAST_YEAR, METRICS_OF_HISTORY } from './history.ts';

/** How long Postgres takes for questions about ten years of one person, and about a tenth of that. */

/** The clusters stay there: building the large one takes a quarter of an hour, and 8 GB. */
const FOLDER = '/var/tmp';
const RUNS = 60;

interface Measured {
  client: pg.Client;
  person: string;
  stop(): Promise<void>;
}

async function openHistory(years: number): Promise<Measured> {
  const cluster = await startCluster(join(FOLDER, `self-sensored-decade-${years}`));
  await applyMigrations(cluster.url);
  const client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  const person = (await findDecade(client)) ?? (await buildDecade(client, years));
  return {
    client,
    person,
    stop: async () => {
      await client.end();
      cluster.stop();
    },
  };
}

/** As the API asks: in the reading role, each time planned anew. @returns milliseconds */
async function timeOf({ client, person }: Measured, { text, params }: Statement): Promise<number> {
  await client.query('begin');
  await client.query(
    `select set_config('role', 'self_sensored_reader', true), set_config('app.person', $1, true),
       set_config('jit', 'off', true), set_config('random_page_cost', '1.1', true)`,
    [person],
  );
  const started = performance.now();
  await client.query(text, [...params]);
  const ms = performance.now() - started;
  await client.query('rollback');
  return ms;
}

type Question = (person: string, run: number) => Statement;

async function timesOf(history: Measured, question: Question): Promise<number[]> {
  const times: number[] = [];
  for (let run = -3; run < RUNS; run++) {
    const ms = await timeOf(history, question(history.person, Math.abs(run)));
    if (run >= 0) times.push(ms);
  }
  return times;
}

const p95 = (times: readonly number[]): number => quantile(times, 0.95);
const told = (times: readonly number[]): string =>
  `p50 ${median(times).toFixed(1)} ms, p95 ${p95(times).toFixed(1)} ms`;

const question = (person: string, asked: Partial<AggregateQuestion>): AggregateQuestion => ({
  userId: person,
  metrics: ['step_count'],
  span: { from: { day: `${LAST_YEAR}-01-01` }, to: { day: `${LAST_YEAR}-12-31` }, zone: null },
  bucket: 'day',
  aggregation: null,
  sources: null,
  groupings: null,
  fills: false,
  ...asked,
});

const DAY_MS = 86_400_000;
const dayOf = (run: number): string =>
  new Date(Date.UTC(LAST_YEAR, 0, 5) + run * 5 * DAY_MS).toISOString().slice(0, 10);

const yearOfSteps: Question = (person) => aggregateDays(question(person, {}));

const dayOfHeartRate: Question = (person, run) => {
  const day = { day: dayOf(run) };
  const span = { from: day, to: day, zone: null };
  return aggregateSamples(question(person, { metrics: ['heart_rate'], bucket: 'minute', span }));
};

const tenMetricsByMonth: Question = (person) =>
  aggregateDays(
    question(person, {
      metrics: METRICS_OF_HISTORY.slice(0, 10),
      bucket: 'month',
      span: {
        from: { day: `${LAST_YEAR - 9}-01-01` },
        to: { day: `${LAST_YEAR}-12-31` },
        zone: null,
      },
    }),
  );

const PAGE = 100;

const pageOfSamples =
  (after: { at: number; seriesId: string } | null): Question =>
  (person) =>
    selectSamples({
      userId: person,
      metric: 'heart_rate',
      span: { from: null, to: null, zone: null },
      sources: null,
      groupings: null,
      after,
      limit: PAGE + 1,
    });

const routesInBox: Question = (person, run) => {
  const [west, south] = [-9 + (run % 29), 37 + (run % 21)];
  return selectRoutes({
    userId: person,
    from: null,
    to: null,
    place: { box: { west, south, east: west + 1, north: south + 1 } },
    after: null,
    limit: PAGE + 1,
  });
};

export async function measureDecade(report: Report): Promise<void> {
  const [large, small] = [await openHistory(10), await openHistory(1)];
  try {
    await measureAgainstTenth(report, large, small);
    await measurePages(report, large);
    const routes = await timesOf(large, routesInBox);
    report.add('routes in a box, of 5,000', told(routes), 'p95 ≤ 20 ms', p95(routes) <= 20);
  } finally {
    await large.stop();
    await small.stop();
  }
}

async function measureAgainstTenth(report: Report, large: Measured, small: Measured) {
  const steps = await timesOf(large, yearOfSteps);
  report.add('a year of daily steps, merged', told(steps), 'p95 ≤ 10 ms', p95(steps) <= 10);
  const ratio = median(steps) / median(await timesOf(small, yearOfSteps));
  report.add('… against a tenth of the data', `${ratio.toFixed(2)} ×`, '≤ 1.3 ×', ratio <= 1.3);
  const heart = await timesOf(large, dayOfHeartRate);
  report.add('a day of heart rate, minute by minute', told(heart), 'p95 ≤ 15 ms', p95(heart) <= 15);
  const months = await timesOf(large, tenMetricsByMonth);
  report.add('ten years by month, 10 metrics', told(months), 'p95 ≤ 50 ms', p95(months) <= 50);
}

async function measurePages(report: Report, large: Measured) {
  const { rows } = await large.client.query(
    `select extract(epoch from recorded_at) * 1000 as at, series_id
     from samples join series on series.id = series_id
     where user_id = $1 and metric = 'heart_rate'
     order by recorded_at, series_id offset $2 limit 1`,
    [large.person, 999 * PAGE - 1],
  );
  const after = { at: Number(rows[0]?.at), seriesId: String(rows[0]?.series_id) };
  const first = await timesOf(large, pageOfSamples(null));
  const later = await timesOf(large, pageOfSamples(after));
  const ratio = median(later) / median(first);
  const figure = `${median(first).toFixed(1)} and ${median(later).toFixed(1)} ms, ${ratio.toFixed(2)} ×`;
  report.add('first and 1,000th page of samples', figure, '≤ 1.2 ×', ratio <= 1.2);
}
