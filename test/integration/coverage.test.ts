import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { metric, payload } from './support/payloads.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

let test: TestStack;
let ada: Person;
beforeAll(async () => {
  test = await startTestStack();
});
beforeEach(async () => {
  ada = await test.newPerson();
});
afterAll(() => test.stack.stop());

interface Range {
  state: string;
  from: string;
  to: string;
  days: number;
  re_export: { from: string; to: string; link: string; link_covers: boolean } | null;
}
interface Coverage {
  from: string;
  to: string;
  metrics: {
    metric: string;
    daily: boolean | null;
    first: string | null;
    complete_days: number;
    thin_days: number;
    missing_days: number;
    ranges: Range[];
  }[];
}

async function ask(query = '', key = ada.keys.read) {
  const { status, body } = await test.call(`/api/v1/coverage${query}`, key);
  return {
    ...body,
    status,
    data: body.data as unknown as Coverage,
    message: (body as { message?: string }).message,
  };
}

/** The day so many days from today, as clocks in Vienna show it. */
const dayFromNow = (days: number): string =>
  new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Vienna' }).format(
    Date.now() + days * 86_400_000,
  );

/** Series and totals as a load leaves them: so many samples on each of the days from today. */
async function days(name: string, samplesByDay: Record<number, number>, grouping = 'minutes') {
  await test.stack.query(
    `insert into series (user_id, metric, source, grouping, context, unit, display_name)
     values ($1, $2, 'Watch', $3, '', 'count', 'Watch')`,
    [ada.id, name, grouping],
  );
  const rows = Object.entries(samplesByDay).map(([from, samples]) => ({
    day: dayFromNow(Number(from)),
    samples,
  }));
  await test.stack.query(
    `insert into day_totals (user_id, metric, day, samples, total)
     select $1, $2, day, samples, samples from jsonb_to_recordset($3) as row (day date, samples int)`,
    [ada.id, name, JSON.stringify(rows)],
  );
}

/** So many samples every day, but on some. */
const everyDay = (from: number, to: number, samples: number, others: Record<number, number> = {}) =>
  Object.fromEntries(
    Array.from({ length: to - from + 1 }, (_, i) => [from + i, others[from + i] ?? samples]),
  );

const plain = ({ state, from, to }: Range) => [state, from, to];

describe('coverage', () => {
  it('tells complete, thin and missing days, each stretch as one', async () => {
    await days('step_count', everyDay(-60, 0, 1000, { [-20]: 0, [-19]: 0, [-4]: 399, 0: 3 }));
    const { status, data } = await ask(`?from=${dayFromNow(-30)}`);
    expect(status).toBe(200);
    expect([data.from, data.to]).toEqual([dayFromNow(-30), dayFromNow(0)]);
    const [steps] = data.metrics;
    expect(steps).toMatchObject({
      metric: 'step_count',
      daily: true,
      first: dayFromNow(-60),
      complete_days: 28,
      thin_days: 1,
      missing_days: 2,
    });
    expect(steps?.ranges.map(plain)).toEqual([
      ['complete', dayFromNow(-30), dayFromNow(-21)],
      ['missing', dayFromNow(-20), dayFromNow(-19)],
      ['complete', dayFromNow(-18), dayFromNow(-5)],
      ['thin', dayFromNow(-4), dayFromNow(-4)],
      ['complete', dayFromNow(-3), dayFromNow(0)],
    ]);
  });

  it('says what to export again, with a link that knows no key', async () => {
    await days('step_count', everyDay(-60, 0, 1000, { [-20]: 0, [-4]: 10, [-1]: 10 }));
    const { data, message } = await ask(`?from=${dayFromNow(-30)}`);
    const exports = data.metrics[0]?.ranges.flatMap(({ re_export }) => re_export ?? []) ?? [];
    const periods = exports.map(({ from, to, link, link_covers }) => {
      const fields = new URL(link).searchParams;
      expect(fields.get('url')).toBe(`${test.stack.url}/api/v1/sync`);
      expect(fields.get('interval')).toBe('minutes');
      expect(link).not.toContain('ss_');
      return [from, to, fields.get('period'), link_covers];
    });
    expect(periods).toEqual([
      [dayFromNow(-20), dayFromNow(-20), 'none', false],
      [dayFromNow(-4), dayFromNow(-4), 'previous7Days', true],
      [dayFromNow(-1), dayFromNow(-1), 'yesterday', true],
    ]);
    expect(message).toContain('YOUR_ING_KEY');
    expect(message).toContain('by hand');
  });

  it('misses nothing of a metric that comes now and then, until it is overdue', async () => {
    const weekly = Object.fromEntries([0, 1, 2, 3, 4, 5, 6, 7].map((week) => [-50 - 7 * week, 1]));
    await days('weight_body_mass', weekly, 'days');
    const { data } = await ask(`?from=${dayFromNow(-57)}&to=${dayFromNow(-1)}`);
    expect(data.metrics[0]).toMatchObject({ metric: 'weight_body_mass', daily: false });
    expect(data.metrics[0]?.ranges.map(plain)).toEqual([
      ['complete', dayFromNow(-57), dayFromNow(-57)],
      ['not_expected', dayFromNow(-56), dayFromNow(-51)],
      ['complete', dayFromNow(-50), dayFromNow(-50)],
      ['not_expected', dayFromNow(-49), dayFromNow(-22)],
      ['missing', dayFromNow(-21), dayFromNow(-1)],
    ]);
  });

  it('knows an outage that is longer than the span asked for', async () => {
    await days('step_count', everyDay(-500, -400, 1000));
    const { data, message } = await ask();
    expect(data.metrics[0]).toMatchObject({ daily: true, missing_days: 89 });
    expect(message).toContain('by hand');
  });

  it('counts sleep by its nights', async () => {
    const nights = [1, 2, 3, 4, 5, 6, 7, 8, 10, 11].map((day) => {
      const date = `2026-03-${String(day).padStart(2, '0')}`;
      return {
        date: `${date} 00:00:00 +0100`,
        totalSleep: 5,
        sleepStart: `${date} 00:30:00 +0100`,
        sleepEnd: `${date} 06:30:00 +0100`,
        source: 'Watch',
      };
    });
    await test.upload(ada, payload(metric('sleep_analysis', 'hr', nights)));
    const { data } = await ask('?from=2026-03-01&to=2026-03-11&metrics=sleep_analysis');
    expect(data.metrics[0]?.ranges.map(plain)).toEqual([
      ['complete', '2026-03-01', '2026-03-08'],
      ['missing', '2026-03-09', '2026-03-09'],
      ['complete', '2026-03-10', '2026-03-11'],
    ]);
  });

  it('of some metrics, by any of their names', async () => {
    await days('step_count', everyDay(-10, 0, 1));
    await days('flights_climbed', everyDay(-10, 0, 1));
    await days('push_count', everyDay(-10, 0, 1));
    const names = async (query: string) =>
      (await ask(query)).data.metrics.map((each) => each.metric);
    expect(await names('')).toEqual(['flights_climbed', 'push_count', 'step_count']);
    expect(await names('?metrics=Steps,push_count')).toEqual(['push_count', 'step_count']);
    expect(await names('?metrics=heart_rate')).toEqual([]);
  });

  it('says nothing of days that are being made anew', async () => {
    await days('step_count', everyDay(-10, 0, 1));
    const stale = (until: string | null) =>
      test.stack.query(
        `insert into stale_metrics (user_id, metric, done_until) values ($1, 'step_count', $2)
         on conflict (user_id, metric) do update set done_until = excluded.done_until`,
        [ada.id, until],
      );
    await stale(dayFromNow(-5));
    const { data, message } = await ask();
    expect(data.metrics[0]?.ranges.map(plain)).toEqual([
      ['complete', dayFromNow(-10), dayFromNow(-6)],
    ]);
    expect(message).toContain('anew');
    await stale(null);
    expect((await ask()).data.metrics[0]).toMatchObject({ first: null, ranges: [] });
  });

  it.each(['?from=2020-01-01&to=2026-01-01', '?from=2026-02-01&to=2026-01-01', '?from=yesterday'])(
    '%s is refused',
    async (query) => {
      const { status, errors } = await ask(query);
      expect([status, errors?.[0]?.pointer]).toEqual([400, 'from']);
    },
  );

  it('of nobody else, and of a person without data', async () => {
    await days('step_count', everyDay(-10, 0, 1));
    const grace = await test.newPerson();
    expect((await ask('', grace.keys.read)).data.metrics).toEqual([]);
    expect((await ask('', ada.keys.ing)).error).toBe('scope_missing');
  });
});
