import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, askAll } from './support/ask.ts';
import { metric, payload } from './support/payloads.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

/** Questions about nights, naps and their stages. People here live in Vienna. */

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
});
afterAll(() => test.stack.stop());

const WATCH = 'Ada’s Apple Watch';
const PHONE = 'Ada’s iPhone';

/** A night as the app sums it up. */
const night = (sleepStart: string, sleepEnd: string, totalSleep: number, rest: object = {}) => ({
  sleepStart,
  sleepEnd,
  totalSleep,
  source: WATCH,
  ...rest,
});

const segment = (startDate: string, endDate: string, value: string, source = WATCH) => ({
  startDate,
  endDate,
  value,
  source,
});

async function personWith(...points: object[]): Promise<Person> {
  const person = await test.newPerson();
  await test.upload(person, payload(metric('sleep_analysis', 'hr', points)));
  return person;
}

const nightsOf = async (person: Person, query = '') =>
  (await ask(test, person, `/api/v1/sleep?limit=1000${query}`)).rows;

const MARCH_2 = night('2026-03-01 23:00:00 +0100', '2026-03-02 07:00:00 +0100', 7, {
  core: 4,
  deep: 1,
  rem: 2,
  awake: 1,
  asleep: 0,
  inBed: 0,
  inBedStart: '2026-03-01 22:30:00 +0100',
  inBedEnd: '2026-03-02 07:30:00 +0100',
});

describe('a night that the app has summed up', () => {
  it('comes with its hours, the share of the time in bed, and how long it took to fall asleep', async () => {
    const person = await personWith(MARCH_2);
    expect(await nightsOf(person)).toEqual([
      {
        id: expect.stringMatching(/^\d+-\d+$/),
        day: '2026-03-02',
        began_at: '2026-03-01T22:00:00.000Z',
        ended_at: '2026-03-02T06:00:00.000Z',
        in_bed_from: '2026-03-01T21:30:00.000Z',
        in_bed_until: '2026-03-02T06:30:00.000Z',
        hours: { total: 7, core: 4, deep: 1, rem: 2, asleep: 0, awake: 1, in_bed: 9 },
        efficiency: 0.7778,
        latency_minutes: 30,
        source: WATCH,
        plausible: true,
        is_nap: false,
        counts: true,
      },
    ]);
  });

  it('has no latency where nothing is known of the bed, and its own length in place of that', async () => {
    const person = await personWith(
      night('2026-03-01 23:00:00 +0100', '2026-03-02 07:00:00 +0100', 6),
    );
    expect(await nightsOf(person)).toMatchObject([
      { latency_minutes: null, efficiency: 0.75, hours: { in_bed: null } },
    ]);
  });

  it('that cannot be has no efficiency, and does not count before one that can', async () => {
    const person = await personWith(
      night('2026-03-01 23:00:00 +0100', '2026-03-02 06:00:00 +0100', 14),
      night('2026-03-01 23:00:00 +0100', '2026-03-02 07:00:00 +0100', 7),
    );
    expect(await nightsOf(person)).toMatchObject([
      { plausible: false, efficiency: null, counts: false, is_nap: false },
      { plausible: true, efficiency: 0.875, counts: true },
    ]);
  });
});

describe('days', () => {
  it('are those of waking, both ends included', async () => {
    const person = await personWith(
      night('2026-02-28 23:00:00 +0100', '2026-03-01 07:00:00 +0100', 7),
      MARCH_2,
      night('2026-03-02 23:00:00 +0100', '2026-03-03 07:00:00 +0100', 7),
    );
    const days = async (query: string) => (await nightsOf(person, query)).map(({ day }) => day);
    expect(await days('')).toEqual(['2026-03-01', '2026-03-02', '2026-03-03']);
    expect(await days('&from=2026-03-02')).toEqual(['2026-03-02', '2026-03-03']);
    expect(await days('&to=2026-03-02')).toEqual(['2026-03-01', '2026-03-02']);
    expect(await days('&from=2026-03-02&to=2026-03-02')).toEqual(['2026-03-02']);
    expect(await days('&from=2026-03-04')).toEqual([]);
  });

  it('are those of another zone where one is asked for', async () => {
    const person = await personWith(MARCH_2);
    const inNewYork = await nightsOf(person, '&tz=America/New_York');
    expect(inNewYork).toMatchObject([{ day: '2026-03-02' }]);
    const inHonolulu = await nightsOf(person, '&tz=Pacific/Honolulu');
    expect(inHonolulu).toMatchObject([{ day: '2026-03-01', counts: true }]);
    expect(await nightsOf(person, '&tz=Pacific/Honolulu&from=2026-03-02')).toEqual([]);
  });

  it('of segments are those of the person', async () => {
    const person = await personWith(
      segment('2026-03-01 20:00:00 +0000', '2026-03-01 23:30:00 +0000', 'Core'),
    );
    expect(await nightsOf(person)).toMatchObject([{ day: '2026-03-02' }]);
    expect(await nightsOf(person, '&tz=UTC')).toMatchObject([{ day: '2026-03-01' }]);
  });

  it('when the clock changes leave a night as long as it was', async () => {
    const person = await personWith(
      segment('2026-03-28 23:00:00 +0100', '2026-03-29 07:00:00 +0200', 'Core'),
      segment('2026-10-24 23:00:00 +0200', '2026-10-25 07:00:00 +0100', 'Core'),
    );
    expect(await nightsOf(person)).toMatchObject([
      { day: '2026-03-29', hours: { total: 7 } },
      { day: '2026-10-25', hours: { total: 9 } },
    ]);
  });
});

describe('naps', () => {
  const NAP = night('2026-03-02 14:00:00 +0100', '2026-03-02 14:50:00 +0100', 0.75);

  it('are what does not run beside the night of their day', async () => {
    const person = await personWith(MARCH_2, NAP);
    expect(await nightsOf(person)).toMatchObject([
      { is_nap: false, counts: true, day: '2026-03-02' },
      { is_nap: true, counts: false, day: '2026-03-02' },
    ]);
  });

  it('do not count as the night, whatever device they are from', async () => {
    const person = await personWith({ ...MARCH_2, source: PHONE }, NAP);
    expect(await nightsOf(person)).toMatchObject([
      { source: PHONE, counts: true, is_nap: false },
      { source: WATCH, counts: false, is_nap: true },
    ]);
  });
});

describe('several sources', () => {
  const OF_PHONE = night('2026-03-01 22:15:00 +0100', '2026-03-02 07:45:00 +0100', 9.5, {
    source: PHONE,
  });
  const OF_RING = { ...MARCH_2, source: 'Ring', totalSleep: 6.5 };

  const counting = async (person: Person, query = '') =>
    (await nightsOf(person, query)).filter(({ counts }) => counts).map(({ source }) => source);

  const prefer = (person: Person, scope: string, name: string, ranked: string, excluded = '{}') =>
    test.stack.query(
      `insert into source_preferences (user_id, scope, name, ranked, excluded)
       values ($1::uuid, $2, $3, $4::text[], $5::text[])`,
      [person.id, scope, name, ranked, excluded],
    );

  it('are all told, and one counts: a watch before others, and phones last', async () => {
    const person = await personWith(MARCH_2, OF_PHONE, OF_RING);
    expect(await nightsOf(person)).toHaveLength(3);
    expect(await counting(person)).toEqual([WATCH]);
    expect(await counting(await personWith(OF_PHONE, OF_RING))).toEqual(['Ring']);
  });

  it('are ranked by the person: a list of the metric before that of its category', async () => {
    const person = await personWith(MARCH_2, OF_PHONE, OF_RING);
    await prefer(person, 'category', 'sleep', '{"Ring"}');
    expect(await counting(person)).toEqual(['Ring']);
    await prefer(person, 'metric', 'sleep_analysis', `{"${PHONE}"}`);
    expect(await counting(person)).toEqual([PHONE]);
  });

  it('that are excluded are told, but never count', async () => {
    const person = await personWith(MARCH_2, OF_PHONE);
    await prefer(person, 'metric', 'sleep_analysis', '{}', `{"${WATCH}"}`);
    expect(await nightsOf(person)).toHaveLength(2);
    expect(await counting(person)).toEqual([PHONE]);
  });

  it('are weighed against each other also when one of them is asked for', async () => {
    const person = await personWith(MARCH_2, OF_PHONE);
    const nights = await nightsOf(person, `&source=${encodeURIComponent(PHONE)}`);
    expect(nights).toMatchObject([{ source: PHONE, counts: false, is_nap: false }]);
  });

  it('never lend each other stages', async () => {
    const person = await personWith(
      segment('2026-03-01 23:00:00 +0100', '2026-03-02 03:00:00 +0100', 'Core'),
      segment('2026-03-02 03:00:00 +0100', '2026-03-02 07:00:00 +0100', 'Core', PHONE),
      segment('2026-03-01 23:00:00 +0100', '2026-03-02 03:00:00 +0100', 'Deep', PHONE),
    );
    const nights = await nightsOf(person);
    expect(nights.map(({ source, hours }) => [source, hours])).toEqual([
      [WATCH, expect.objectContaining({ total: 4, core: 4, deep: null })],
      [PHONE, expect.objectContaining({ total: 8, core: 4, deep: 4 })],
    ]);
  });
});

describe('segments', () => {
  const NIGHT = [
    segment('2026-03-01 22:45:00 +0100', '2026-03-02 07:00:00 +0100', 'InBed'),
    segment('2026-03-01 23:00:00 +0100', '2026-03-02 02:00:00 +0100', 'Core'),
    segment('2026-03-02 02:00:00 +0100', '2026-03-02 03:30:00 +0100', 'Deep'),
    segment('2026-03-02 03:30:00 +0100', '2026-03-02 04:00:00 +0100', 'Awake'),
    segment('2026-03-02 04:00:00 +0100', '2026-03-02 06:00:00 +0100', 'REM'),
    segment('2026-03-02 06:00:00 +0100', '2026-03-02 06:45:00 +0100', 'Unspecified'),
  ];
  const NAP = segment('2026-03-02 13:00:00 +0100', '2026-03-02 13:30:00 +0100', 'Core');

  it('make a night where the app was told to send nothing else', async () => {
    const person = await personWith(...NIGHT, NAP);
    expect(await nightsOf(person)).toMatchObject([
      {
        day: '2026-03-02',
        began_at: '2026-03-01T22:00:00.000Z',
        ended_at: '2026-03-02T05:45:00.000Z',
        hours: { total: 7.25, core: 3, deep: 1.5, rem: 2, asleep: 0.75, awake: 0.5, in_bed: 8.25 },
        efficiency: 0.8788,
        latency_minutes: 15,
        plausible: true,
        counts: true,
      },
      { hours: { total: 0.5 }, is_nap: true, counts: false },
    ]);
  });

  it('an hour apart are one night, and more than an hour apart are two', async () => {
    const first = segment('2026-03-01 23:00:00 +0100', '2026-03-02 02:00:00 +0100', 'Core');
    const again = (start: string) => segment(start, '2026-03-02 06:00:00 +0100', 'Core');
    const one = await personWith(first, again('2026-03-02 03:00:00 +0100'));
    const two = await personWith(first, again('2026-03-02 03:00:01 +0100'));
    expect(await nightsOf(one)).toHaveLength(1);
    expect(await nightsOf(two)).toHaveLength(2);
  });

  it('beside the sum of the app are its stages, and the sum stands', async () => {
    const person = await personWith(
      ...NIGHT,
      night('2026-03-01 23:00:00 +0100', '2026-03-02 06:45:00 +0100', 7.1),
    );
    const nights = await nightsOf(person);
    expect(nights).toMatchObject([{ hours: { total: 7.1, core: null }, counts: true }]);
    const one = await ask(test, person, `/api/v1/sleep/${nights[0]?.id}`);
    expect(one.rows).toMatchObject([{ hours: { total: 7.1 }, stages: { length: 6 } }]);
  });

  it('of one night come with it, in order', async () => {
    const person = await personWith(...NIGHT, NAP);
    const [first, second] = await nightsOf(person);
    const { rows } = await ask(test, person, `/api/v1/sleep/${first?.id}`);
    expect(rows).toMatchObject([first ?? {}]);
    expect(rows[0]?.stages).toMatchObject([
      { stage: 'in_bed', label: 'InBed', minutes: 495 },
      {
        stage: 'core',
        started_at: '2026-03-01T22:00:00.000Z',
        ended_at: '2026-03-02T01:00:00.000Z',
        minutes: 180,
      },
      { stage: 'deep', minutes: 90 },
      { stage: 'awake', minutes: 30 },
      { stage: 'rem', minutes: 120 },
      { stage: 'asleep', minutes: 45 },
    ]);
    const nap = await ask(test, person, `/api/v1/sleep/${second?.id}`);
    expect(nap.rows).toMatchObject([{ is_nap: true, stages: [{ stage: 'core', minutes: 30 }] }]);
  });
});

describe('pages', () => {
  it('lead through all nights once, and say of each what the whole list says', async () => {
    const nights = Array.from({ length: 9 }, (_, i) => {
      const day = (offset: number) => `2026-03-${String(i + 1 + offset).padStart(2, '0')}`;
      return [
        night(`${day(0)} 23:00:00 +0100`, `${day(1)} 07:00:00 +0100`, 7),
        night(`${day(0)} 22:00:00 +0100`, `${day(1)} 08:00:00 +0100`, 9, { source: PHONE }),
        night(`${day(1)} 15:00:00 +0100`, `${day(1)} 15:30:00 +0100`, 0.5),
      ];
    }).flat();
    const person = await personWith(...nights);
    const whole = await nightsOf(person);
    const pages = await askAll(test, person, '/api/v1/sleep?limit=4');
    expect(whole).toHaveLength(27);
    expect(pages.map(({ rows }) => rows.length)).toEqual([4, 4, 4, 4, 4, 4, 3]);
    expect(pages.flatMap(({ rows }) => rows)).toEqual(whole);
  });
});

describe('what cannot be answered', () => {
  it.each([
    ['from=2026-02-30', 'from'],
    ['to=yesterday', 'to'],
    ['from=0000-01-01', 'from'],
    ['tz=Vienna', 'tz'],
    ['tz=%2B02:00', 'tz'],
    ['cursor=abc', 'cursor'],
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
  ])('%s is refused', async (query, pointer) => {
    const person = await test.newPerson();
    const { status, errors } = await ask(test, person, `/api/v1/sleep?${query}`);
    expect([status, errors[0]?.pointer]).toEqual([400, pointer]);
  });

  it('the first and the last of all days are days', async () => {
    const person = await personWith(MARCH_2);
    expect(await nightsOf(person, '&from=1900-01-01&to=9999-12-31')).toHaveLength(1);
  });

  it.each([
    ['abc', 400],
    ['1', 400],
    ['1-99999999999999999', 400],
    ['1-1', 404],
    ['999999999999999999-1772430030000', 404],
  ])('a night called %s answers %i', async (id, status) => {
    const person = await test.newPerson();
    expect((await ask(test, person, `/api/v1/sleep/${id}`)).status).toBe(status);
  });

  it("another's night is not there", async () => {
    const person = await personWith(MARCH_2);
    const other = await test.newPerson();
    const [own] = await nightsOf(person);
    expect((await ask(test, person, `/api/v1/sleep/${own?.id}`)).status).toBe(200);
    expect((await ask(test, other, `/api/v1/sleep/${own?.id}`)).status).toBe(404);
    expect(await nightsOf(other)).toEqual([]);
  });
});
