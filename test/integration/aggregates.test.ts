import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { payload, steps } from './support/payloads.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
});
afterAll(() => test.stack.stop());

const GROUPED = (grouping: string) => ({ 'automation-aggregation': grouping });
const at = (time: string, qty: number, source = 'Ada Watch') => ({ qty, date: time, source });

interface Row {
  metric: string;
  day: string | null;
  start: string;
  value: number | null;
  samples: number;
  agg: string;
  unit: string;
}

async function ask(person: Person, path: string): Promise<Row[]> {
  const { status, body } = await test.call(`/api/v1/${path}`, person.keys.read);
  expect([status, body.detail, body.errors]).toEqual([200, undefined, undefined]);
  return body.data as unknown as Row[];
}
const values = async (person: Person, path: string) =>
  (await ask(person, path)).map(({ day, start, value }) => [day ?? start, value]);

/** Someone who lives in a zone before anything is stored. */
async function personIn(zone: string): Promise<Person> {
  const person = await test.newPerson();
  await test.stack.query('update users set time_zone = $2 where id = $1', [person.id, zone]);
  return person;
}

describe('several sources', () => {
  it('are walked minute by minute: the watch counts, and the phone fills what it leaves open', async () => {
    const ada = await test.newPerson();
    const body = payload(
      steps(
        at('2026-03-02 08:00:00 +0000', 100),
        at('2026-03-02 08:01:00 +0000', 50),
        at('2026-03-02 08:01:00 +0000', 60, 'Ada iPhone'),
        at('2026-03-02 08:02:00 +0000', 7, 'Ada iPhone'),
      ),
    );
    await test.upload(ada, body, GROUPED('Minutes'));
    const path = 'metrics/step_count/daily?from=2026-03-02&to=2026-03-02';
    expect(await values(ada, path)).toEqual([['2026-03-02', 157]]);
    expect(await values(ada, `${path}&source=Ada%20iPhone`)).toEqual([['2026-03-02', 67]]);
    expect(
      await values(ada, 'metrics/step_count/aggregate?bucket=minute&from=2026-03-02&to=2026-03-02'),
    ).toEqual([
      ['2026-03-02T08:00:00.000Z', 100],
      ['2026-03-02T08:01:00.000Z', 50],
      ['2026-03-02T08:02:00.000Z', 7],
    ]);
  });

  it('that Apple has joined already go before those they were joined of', async () => {
    const ada = await test.newPerson();
    const day = '2026-03-02 00:00:00 +0000';
    await test.upload(
      ada,
      payload(steps(at(day, 4_000), at(day, 9_000, 'Ada iPhone|Ada Watch'))),
      GROUPED('Days'),
    );
    expect(await values(ada, 'metrics/steps/daily?from=2026-03-02&to=2026-03-02')).toEqual([
      ['2026-03-02', 9_000],
    ]);
  });

  it('and groupings: the finest that covers the day counts, else the coarser', async () => {
    const ada = await test.newPerson();
    const hours = (day: string, ...quantities: number[]) =>
      quantities.map((qty, hour) =>
        at(`${day} ${String(8 + hour).padStart(2, '0')}:00:00 +0000`, qty),
      );
    await test.upload(
      ada,
      payload(steps(...hours('2026-03-02', 600, 400), ...hours('2026-03-03', 600))),
      GROUPED('Hours'),
    );
    await test.upload(
      ada,
      payload(
        steps(at('2026-03-02 00:00:00 +0000', 1_000), at('2026-03-03 00:00:00 +0000', 1_000)),
      ),
      GROUPED('Days'),
    );
    const path = 'metrics/step_count/aggregate?from=2026-03-02&to=2026-03-03&explain=1';
    const rows = (await ask(ada, path)) as (Row & { sources: Record<string, unknown>[] })[];
    expect(
      rows.map(({ value, sources }) => [
        value,
        sources.map((each) => [each.grouping, each.value, each.counted_value]),
      ]),
    ).toEqual([
      [
        1_000,
        [
          ['hours', 1_000, 1_000],
          ['days', 1_000, null],
        ],
      ],
      [
        1_000,
        [
          ['hours', 600, null],
          ['days', 1_000, 1_000],
        ],
      ],
    ]);
    // Of hours the totals of days say nothing.
    expect(
      await values(ada, 'metrics/step_count/aggregate?bucket=hour&from=2026-03-03&to=2026-03-03'),
    ).toEqual([['2026-03-03T08:00:00.000Z', 600]]);
  });

  it('of what does not add up: the mean of all, or the preferred one', async () => {
    const ada = await test.newPerson();
    const weight = (time: string, qty: number, source: string) => ({ qty, date: time, source });
    const body = payload({
      name: 'weight_body_mass',
      units: 'kg',
      data: [
        weight('2026-03-02 07:00:00 +0000', 70, 'Scale'),
        weight('2026-03-02 08:00:00 +0000', 74, 'App'),
      ],
    });
    await test.upload(ada, body, GROUPED('Minutes'));
    const path = 'metrics/weight/daily?from=2026-03-02&to=2026-03-02';
    expect(await values(ada, path)).toEqual([['2026-03-02', 72]]);
    await prefer(ada, 'weight_body_mass', '{Scale}');
    expect(await values(ada, path)).toEqual([['2026-03-02', 70]]);
  });

  it('whose order changes count anew at once, and the totals follow', async () => {
    const ada = await test.newPerson();
    const minute = '2026-03-02 08:00:00 +0000';
    await test.upload(
      ada,
      payload(steps(at(minute, 10), at(minute, 99, 'Ada iPhone'))),
      GROUPED('Minutes'),
    );
    const path = 'metrics/step_count/daily?from=2026-03-02&to=2026-03-02';
    expect(await values(ada, path)).toEqual([['2026-03-02', 10]]);
    await prefer(ada, 'step_count', '{Ada iPhone}');
    expect(await values(ada, path)).toEqual([['2026-03-02', 99]]);

    await test.ring('17 * * * *');
    await expect.poll(() => waiting(ada), { timeout: 20_000 }).toBe(0);
    expect(await values(ada, path)).toEqual([['2026-03-02', 99]]);
    await test.upload(ada, payload(steps(at('2026-03-02 08:00:00 +0000', 12))), GROUPED('Minutes'));
    expect(await values(ada, path)).toEqual([['2026-03-02', 99]]);
  });
});

async function prefer(person: Person, metric: string, ranked: string): Promise<void> {
  await test.stack.query(
    `insert into source_preferences (user_id, scope, name, ranked) values ($1, 'metric', $2, $3)`,
    [person.id, metric, ranked],
  );
  await test.stack.query('insert into stale_metrics (user_id, metric) values ($1, $2)', [
    person.id,
    metric,
  ]);
}

async function waiting(person: Person): Promise<number> {
  const rows = await test.stack.query('select metric from stale_metrics where user_id = $1', [
    person.id,
  ]);
  return rows.length;
}

describe('days', () => {
  it('are those of the person, also when the clocks change', async () => {
    const ada = await personIn('Europe/Berlin');
    const first = Date.UTC(2026, 2, 28, 23);
    // From midnight to midnight, 23 hours on the 29th: one step an hour.
    const hourly = Array.from({ length: 24 }, (_, hour) =>
      at(new Date(first + hour * 3_600_000).toISOString(), 1),
    );
    await test.upload(ada, payload(steps(...hourly)), GROUPED('Hours'));
    const path = 'metrics/step_count/daily?from=2026-03-28&to=2026-03-30';
    expect(await values(ada, path)).toEqual([
      ['2026-03-28', null],
      ['2026-03-29', 23],
      ['2026-03-30', 1],
    ]);
    expect((await ask(ada, path)).map(({ start }) => start)).toEqual([
      '2026-03-27T23:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ]);
    expect(await values(ada, `${path}&tz=UTC`)).toEqual([
      ['2026-03-28', 1],
      ['2026-03-29', 23],
      ['2026-03-30', null],
    ]);
  });

  it('that the phone has summed up belong to the day they are nearest to', async () => {
    const ada = await personIn('Europe/Berlin');
    // Of a phone in New York.
    await test.upload(ada, payload(steps(at('2026-03-02 00:00:00 -0500', 8_000))), GROUPED('Days'));
    expect(
      await values(ada, 'metrics/step_count/daily?from=2026-03-01&to=2026-03-03&fill=none'),
    ).toEqual([['2026-03-02', 8_000]]);
  });

  it('begin with the first of two midnights', async () => {
    const ada = await personIn('Atlantic/Azores');
    // The clocks go from 01:00 back to 00:00 at 01:00 UTC.
    const hours = [at('2025-10-26 00:10:00 +0000', 10), at('2025-10-26 05:00:00 +0000', 100)];
    await test.upload(ada, payload(steps(...hours)), GROUPED('Minutes'));
    await test.upload(
      ada,
      payload(steps(at('2025-10-26 06:00:00 +0000', 5, 'Ada iPhone'))),
      GROUPED('Minutes'),
    );
    const path = 'metrics/step_count/daily?fill=none&from=2025-10-26&to=2025-10-26';
    expect(await values(ada, path)).toEqual([['2025-10-26', 115]]);
    expect(await values(ada, `${path}&source=Ada%20Watch`)).toEqual([['2025-10-26', 110]]);
    expect(await values(ada, path.replaceAll('26', '25'))).toEqual([]);
  });

  it('have all their hours where the clocks change by half of one', async () => {
    const ada = await personIn('Australia/Lord_Howe');
    const times = ['2026-04-04 10:15', '2026-04-04 16:15', '2026-04-05 03:45'];
    const body = payload(steps(...times.map((time) => at(`${time}:00 +0000`, 1))));
    await test.upload(ada, body, GROUPED('Minutes'));
    const path = 'metrics/step_count/aggregate?bucket=hour&from=2026-04-04&to=2026-04-05';
    const filled = await ask(ada, `${path}&fill=null`);
    expect(filled.filter(({ value }) => value !== null)).toEqual(
      await ask(ada, `${path}&fill=none`),
    );
    expect(await ask(ada, `${path}&fill=none`)).toHaveLength(3);
  });

  it('may have begun already where it is still yesterday here', async () => {
    const ada = await test.newPerson();
    const tomorrow = new Date(Date.now() + 14 * 3_600_000).toISOString().slice(0, 10);
    const path = `metrics/step_count/daily?from=${tomorrow}&tz=Pacific/Kiritimati`;
    expect(await values(ada, path)).toEqual([[tomorrow, null]]);
  });

  it('make weeks that begin as the person says, months and years', async () => {
    const ada = await test.newPerson();
    const daily = Array.from({ length: 14 }, (_, day) =>
      at(new Date(Date.UTC(2026, 2, 1 + day)).toISOString(), 100 * (day + 1)),
    );
    await test.upload(ada, payload(steps(...daily)), GROUPED('Days'));
    const path = 'metrics/step_count/aggregate?from=2026-03-01&to=2026-03-14';
    expect(await values(ada, `${path}&bucket=week`)).toEqual([
      ['2026-02-23', 100],
      ['2026-03-02', 3_500],
      ['2026-03-09', 6_900],
    ]);
    await test.stack.query('update users set week_start = 7 where id = $1', [ada.id]);
    expect(await values(ada, `${path}&bucket=week`)).toEqual([
      ['2026-03-01', 2_800],
      ['2026-03-08', 7_700],
    ]);
    expect(await values(ada, `${path}&bucket=month`)).toEqual([['2026-03-01', 10_500]]);
    expect(await values(ada, `${path}&bucket=year`)).toEqual([['2026-01-01', 10_500]]);
    const of = async (agg: string) =>
      (await values(ada, `${path}&bucket=month&agg=${agg}`))[0]?.[1];
    expect([
      await of('avg'),
      await of('min'),
      await of('max'),
      await of('last'),
      await of('p50'),
    ]).toEqual([750, 100, 1_400, 1_400, 750]);
    expect(await of('count')).toBe(14);
  });
});

describe('numbers', () => {
  it('of a level have their extremes, percentiles, and the last of them', async () => {
    const ada = await test.newPerson();
    const beats = [60, 70, 80, 90, 100].map((avg, i) => ({
      Min: avg - 5,
      Avg: avg,
      Max: avg + 5,
      date: `2026-03-02 08:0${i}:00 +0000`,
      source: 'Ada Watch',
    }));
    await test.upload(
      ada,
      payload({ name: 'heart_rate', units: 'bpm', data: beats }),
      GROUPED('Minutes'),
    );
    const path = 'metrics/heart_rate/aggregate?from=2026-03-02&to=2026-03-02';
    for (const bucket of ['hour', 'day', 'week', 'month', 'year']) {
      const of = async (agg: string) =>
        (await values(ada, `${path}&bucket=${bucket}&agg=${agg}`))[0]?.[1];
      const all = [
        await of('avg'),
        await of('min'),
        await of('max'),
        await of('last'),
        await of('count'),
      ];
      expect([bucket, ...all]).toEqual([bucket, 80, 55, 105, 100, 5]);
      expect([bucket, await of('p50'), await of('p95')]).toEqual([bucket, 80, 98]);
    }
  });

  it('of several metrics come in one answer, each as its values combine', async () => {
    const ada = await test.newPerson();
    const pressure = {
      date: '2026-03-02 09:00:00 +0000',
      systolic: 120,
      diastolic: 80,
      source: 'Cuff',
    };
    await test.upload(
      ada,
      payload(
        steps(at('2026-03-02 08:00:00 +0000', 5), at('2026-03-02 09:00:00 +0000', 6)),
        {
          name: 'body_temperature',
          units: 'degC',
          data: [at('2026-03-02 08:00:00 +0000', 36), at('2026-03-02 09:00:00 +0000', 37)],
        },
        { name: 'blood_pressure', units: 'mmHg', data: [pressure] },
      ),
      GROUPED('Minutes'),
    );
    const rows = await ask(
      ada,
      'aggregate?metrics=steps,body_temperature,blood_pressure_systolic&from=2026-03-02&to=2026-03-02',
    );
    expect(
      rows.map(({ metric, agg, value, unit, samples }) => [metric, agg, value, unit, samples]),
    ).toEqual([
      ['step_count', 'sum', 11, 'count', 2],
      ['body_temperature', 'avg', 36.5, 'degC', 2],
      ['blood_pressure_systolic', 'avg', 120, 'mmHg', 1],
    ]);
  });
});

describe('an answer', () => {
  const PATH = '/api/v1/metrics/step_count/daily?from=2026-03-02&to=2026-03-03';

  async function ada(): Promise<Person> {
    const person = await test.newPerson();
    await test.upload(
      person,
      payload(steps(at('2026-03-02 08:00:00 +0000', 5, '=Watch'))),
      GROUPED('Minutes'),
    );
    return person;
  }
  const raw = async (person: Person, path: string, headers: Record<string, string>) =>
    fetch(new URL(path, test.stack.url), {
      headers: { authorization: `Bearer ${person.keys.read}`, ...headers },
    });

  it('comes as CSV or NDJSON where that is asked for', async () => {
    const person = await ada();
    const csv = await raw(person, PATH, { accept: 'text/csv' });
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(await csv.text()).toBe(
      'metric,agg,start,day,value,samples,unit\r\n' +
        'step_count,sum,2026-03-01T23:00:00.000Z,2026-03-02,5,1,count\r\n' +
        'step_count,sum,2026-03-02T23:00:00.000Z,2026-03-03,,0,count\r\n',
    );
    const lines = await (await raw(person, PATH, { accept: 'application/x-ndjson' })).text();
    expect(
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).value),
    ).toEqual([5, null]);
    const samples = '/api/v1/metrics/step_count/samples';
    expect(await (await raw(person, samples, { accept: 'text/csv' })).text()).toContain("'=Watch");
  });

  it('is sent again only if it has changed, and never kept by a cache that others use', async () => {
    const person = await ada();
    const first = await raw(person, PATH, {});
    const tag = first.headers.get('etag') ?? '';
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    expect((await raw(person, PATH, { 'if-none-match': tag })).status).toBe(304);
    await test.upload(
      person,
      payload(steps(at('2026-03-02 08:01:00 +0000', 5))),
      GROUPED('Minutes'),
    );
    const later = await raw(person, PATH, { 'if-none-match': tag });
    expect(later.status).toBe(200);
    expect(later.headers.get('etag')).not.toBe(tag);
  });

  it('is compressed for those who take it', async () => {
    const person = await ada();
    const packed = await raw(person, PATH, { 'accept-encoding': 'gzip' });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    // As curl asks, which names no encoding at all; fetch always names some.
    const body = await new Promise<string>((resolve, reject) => {
      const headers = { authorization: `Bearer ${person.keys.read}` };
      get(new URL(PATH, test.stack.url), { headers }, (response) =>
        text(response).then(resolve, reject),
      );
    });
    expect(JSON.parse(body).success).toBe(true);
    const plain = await raw(person, PATH, { 'accept-encoding': 'gzip;q=0' });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(((await packed.json()) as { success: boolean }).success).toBe(true);
  });

  it('of a page changes when there is a next one', async () => {
    const person = await ada();
    const lines = { accept: 'application/x-ndjson' };
    const path = '/api/v1/metrics/step_count/samples?limit=1';
    const tag = (await raw(person, path, lines)).headers.get('etag') ?? '';
    await test.upload(
      person,
      payload(steps(at('2026-03-02 08:01:00 +0000', 6))),
      GROUPED('Minutes'),
    );
    const later = await raw(person, path, { ...lines, 'if-none-match': tag });
    expect([later.status, later.headers.has('link')]).toEqual([200, true]);
  });

  it.each([
    ['application/json', 1_000],
    ['text/csv', 1_000],
    ['application/x-ndjson', 10_000],
  ])('as %s has pages of at most %i rows', async (accept, most) => {
    const person = await ada();
    const path = '/api/v1/metrics/step_count/samples?limit=';
    expect((await raw(person, `${path}${most}`, { accept })).status).toBe(200);
    expect((await raw(person, `${path}${most + 1}`, { accept })).status).toBe(400);
  });

  it('goes page by page, and says where the next one is', async () => {
    const person = await ada();
    await test.upload(
      person,
      payload(steps(at('2026-03-02 08:01:00 +0000', 6), at('2026-03-02 08:02:00 +0000', 7))),
      GROUPED('Minutes'),
    );
    let path: string | undefined = '/api/v1/metrics/step_count/samples?limit=2';
    const found: number[] = [];
    while (path !== undefined) {
      const page: Response = await raw(person, path, { accept: 'application/x-ndjson' });
      const { pagination } = await (await raw(person, path, {})).json();
      expect(pagination.next).toBe(
        page.headers.get('link')?.slice(1, -'>; rel="next"'.length) ?? null,
      );
      found.push(
        ...(await page.text())
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line).value),
      );
      path = page.headers.get('link')?.match(/^<(.+)>; rel="next"$/)?.[1];
    }
    expect(found).toEqual([5, 6, 7]);
  });
});

it.each([
  'metrics/step_count/daily?',
  'metrics/step_count/aggregate?bucket=hour&',
  'aggregate?metrics=steps&',
  'summary?',
])(
  'a zone that the runtime knows and Postgres does not is refused: %stz=US/Pacific-New',
  async (path) => {
    const zone = 'US/Pacific-New';
    const ada = await test.newPerson();
    const known = await test.stack.query('select 1 from pg_timezone_names where name = $1', [zone]);
    const { status, body } = await test.call(`/api/v1/${path}tz=${zone}`, ada.keys.read);
    if (known.length > 0) return expect(status).toBe(200);
    expect([status, body.error]).toEqual([400, 'invalid_parameter']);
    expect(body.errors?.map(({ pointer }) => pointer)).toEqual(['tz']);
  },
);

it.each([
  ['metrics/step_count/daily?from=yesterday', 'from'],
  ['metrics/step_count/daily?from=2026-02-30', 'from'],
  ['metrics/step_count/daily?from=2026-03-03&to=2026-03-01', 'to'],
  ['metrics/step_count/daily?tz=Middle/Earth', 'tz'],
  ['metrics/step_count/daily?tz=%2B02:00', 'tz'],
  // Postgres knows another zone by this name.
  ['metrics/step_count/daily?tz=CET', 'tz'],
  ['metrics/step_count/daily?to=0001-01-15T00:00:00Z', 'to'],
  ['metrics/blood_pressure/daily', 'metrics'],
  ['metrics/blood_pressure_systolic/daily?explain=1', 'explain'],
  ['metrics/step_count/daily?agg=most', 'agg'],
  ['metrics/step_count/daily?grouping=fortnights', 'grouping'],
  ['metrics/step_count/daily?fill=zero', 'fill'],
  ['metrics/step_count/aggregate?bucket=second', 'bucket'],
  ['metrics/step_count/aggregate?bucket=minute&from=2020-01-01', 'bucket'],
  ['metrics/step_count/daily?explain=1&from=2020-01-01&to=2021-01-01', 'explain'],
  ['metrics/step_count/samples?limit=1001', 'limit'],
  ['metrics/step_count/samples?cursor=none', 'cursor'],
  ['aggregate', 'metrics'],
  [`aggregate?metrics=${Array.from({ length: 51 }, (_, i) => `m${i}`).join(',')}`, 'metrics'],
])('%s is refused, and says that it is %s', async (path, pointer) => {
  const ada = await test.newPerson();
  const { status, body } = await test.call(`/api/v1/${path}`, ada.keys.read);
  expect([status, body.error]).toEqual([400, 'invalid_parameter']);
  expect(body.errors?.map((each) => each.pointer.split('.')[0])).toContain(pointer);
});
