import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MetricSources, Preferences, SourceList } from '../../src/read/preferences.ts';
import { payload, steps } from './support/payloads.ts';
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

const PATH = '/api/v1/preferences';

async function ask<T>(
  path: string,
  init: { method?: string; json?: unknown } = {},
  key = ada.keys.read,
) {
  const { method = 'GET', json } = init;
  const { status, body } = await test.call(path, key, {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  return {
    status,
    ...body,
    data: body.data as unknown as T,
    message: (body as { message?: string }).message,
  };
}

const patch = (json: unknown) => ask<Preferences>(PATH, { method: 'PATCH', json });

/** One point of a metric, from a source. */
const point = (source: string) => ({ qty: 1, date: '2026-03-02 07:41:00 +0100', source });
const metric = (name: string, units: string, ...sources: string[]) => ({
  name,
  units,
  data: sources.map(point),
});

/** Metrics whose days are to be made anew; the consumer may have been at it, so tests clear them first. */
const stale = async () =>
  (
    await test.stack.query('select metric from stale_metrics where user_id = $1 order by 1', [
      ada.id,
    ])
  ).map((row) => row.metric);
const settle = () => test.stack.query('delete from stale_metrics where user_id = $1', [ada.id]);

describe('preferences', () => {
  it('begin with the zone of the person, Monday, and the units that values are stored in', async () => {
    const { status, data } = await ask<Preferences>(PATH);
    expect([status, data]).toEqual([
      200,
      { time_zone: 'Europe/Vienna', week_start: 'monday', units: {} },
    ]);
  });

  it('change one by one, and stay', async () => {
    await patch({ week_start: 'sunday' });
    await patch({ units: { km: 'mi', degC: 'degF' } });
    const { data } = await patch({ units: { km: null, kg: 'LB' } });
    const expected = {
      time_zone: 'Europe/Vienna',
      week_start: 'sunday',
      units: { degC: 'degF', kg: 'lb' },
    };
    expect(data).toEqual(expected);
    expect((await ask(PATH)).data).toEqual(expected);
    expect((await ask(PATH, {}, ada.keys.admin)).data).toEqual(expected);
  });

  it('a unit shown as itself is no choice', async () => {
    expect((await patch({ units: { km: 'km' } })).data.units).toEqual({});
  });

  it.each([
    ['europe/vienna', 'Europe/Vienna'],
    ['AMERICA/NEW_YORK', 'America/New_York'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    [' utc ', 'UTC'],
  ])('the zone %s is kept as %s', async (given, kept) => {
    expect((await patch({ time_zone: given })).data.time_zone).toBe(kept);
  });

  it.each([
    [{ time_zone: '+02:00' }, '/time_zone'],
    [{ time_zone: 'Mars/Olympus' }, '/time_zone'],
    [{ week_start: 'friday' }, '/week_start'],
    [{ units: { km: 'kg' } }, '/units/km'],
    [{ units: { furlong: 'km' } }, '/units/furlong'],
    [{ language: 'de' }, '/'],
  ])('%j is refused, and says where', async (json, pointer) => {
    const { status, errors } = await patch(json);
    expect([status, errors?.[0]?.pointer]).toEqual([400, pointer]);
    expect((await ask<Preferences>(PATH)).data.time_zone).toBe('Europe/Vienna');
  });

  it('name the units there are, where one is refused', async () => {
    const { errors } = await patch({ units: { kg: 'km' } });
    expect(errors?.[0]?.message).toMatch(/\blb\b.*\bst\b/);
  });

  it('another zone has all days recomputed, and holds for the very next upload', async () => {
    await test.upload(
      ada,
      payload(steps(point('Watch')), metric('weight_body_mass', 'kg', 'Scale')),
    );
    await settle();
    await patch({ week_start: 'saturday', time_zone: 'Europe/Vienna' });
    expect(await stale()).toEqual([]);

    const { message } = await patch({ time_zone: 'Asia/Tokyo' });
    expect(message).toContain('recomputed');
    expect(await stale()).toEqual(['step_count', 'weight_body_mass']);
    await test.upload(
      ada,
      payload(steps({ qty: 7, date: '2026-03-03 09:00:00', source: 'Watch' })),
    );
    const [row] = await test.stack.query(
      `select (recorded_at at time zone 'UTC')::text as at from samples join series on series.id = series_id
       where user_id = $1 and value = 7`,
      [ada.id],
    );
    expect(row?.at).toBe('2026-03-03 00:00:00');
  });

  it('are on record without what they say', async () => {
    await patch({ time_zone: 'Asia/Tokyo', units: { km: 'mi' } });
    const rows = await test.stack.query(
      `select details::text from audit_log where person_id = $1 and action = 'preferences_changed'`,
      [ada.id],
    );
    expect(rows.map(({ details }) => JSON.parse(details ?? ''))).toEqual([
      { fields: ['time_zone', 'units'] },
    ]);
  });

  it("are none of the phone's business", async () => {
    expect((await ask(PATH, {}, ada.keys.ing)).error).toBe('scope_missing');
  });
});

describe('sources', () => {
  const SOURCES = `${PATH}/sources`;
  const put = (name: string, json: unknown) =>
    ask<SourceList>(`${SOURCES}/${name}`, { method: 'PUT', json });
  const listed = async () =>
    (await ask<{ lists: SourceList[]; metrics: MetricSources[] }>(SOURCES)).data;
  const ranks = async (name: string) => {
    const found = (await listed()).metrics.find((each) => each.metric === name);
    return [
      found?.decided_by,
      found?.sources.map(({ source, rank, excluded }) => [source, excluded ? 'excluded' : rank]),
    ];
  };

  beforeEach(async () => {
    await test.upload(
      ada,
      payload(
        metric('step_count', 'count', 'Ada’s Watch', 'Ada’s iPhone', 'Toy'),
        metric('flights_climbed', 'count', 'Ada’s iPhone'),
        metric('weight_body_mass', 'kg', 'Scale'),
        metric('moon_phase', 'count', 'Sky'),
      ),
    );
    await settle();
  });

  it('are seen metric by metric before any has a rank', async () => {
    expect((await listed()).lists).toEqual([]);
    expect(await ranks('step_count')).toEqual([
      null,
      [
        ['Ada’s Watch', null],
        ['Ada’s iPhone', null],
        ['Toy', null],
      ],
    ]);
  });

  it('a category ranks all of its metrics, but for those with a list of their own', async () => {
    await put('category/activity', { ranked: ['Ada’s iPhone', 'Ada’s Watch'] });
    expect(await stale()).toEqual(['flights_climbed', 'step_count']);
    await settle();
    await put('metric/Step%20Count', { ranked: ['Ada’s  Watch '], excluded: ['Toy'] });
    expect(await stale()).toEqual(['step_count']);
    expect(await ranks('step_count')).toEqual([
      'metric',
      [
        ['Ada’s Watch', 1],
        ['Ada’s iPhone', null],
        ['Toy', 'excluded'],
      ],
    ]);
    expect(await ranks('flights_climbed')).toEqual(['category', [['Ada’s iPhone', 1]]]);
    expect(await ranks('weight_body_mass')).toEqual([null, [['Scale', null]]]);

    await settle();
    await put('category/activity', { ranked: ['Ada’s Watch'] });
    expect(await stale()).toEqual(['flights_climbed']);
  });

  it('keep their days where nothing changes', async () => {
    const lists = { ranked: ['Ada’s Watch', 'Ada’s iPhone'] };
    await put('metric/step_count', lists);
    await settle();
    await put('metric/step_count', lists);
    expect(await stale()).toEqual([]);
    await put('metric/step_count', { ranked: lists.ranked.toReversed() });
    expect(await stale()).toEqual(['step_count']);
  });

  it('are named as series name them, each once', async () => {
    const { data, message } = await put('metric/steps', {
      ranked: ['Ada’s iPhone | Ada’s Watch', 'Ada’s Watch|Ada’s iPhone', 'Toy'],
    });
    expect(data).toMatchObject({
      name: 'step_count',
      ranked: ['Ada’s Watch|Ada’s iPhone', 'Toy'],
      excluded: [],
    });
    expect(message).toContain('Ada’s Watch|Ada’s iPhone');
    expect(message).not.toContain('Toy');
  });

  it('a metric outside the catalogue can be ranked by who has it', async () => {
    expect((await put('metric/Moon%20Phase', { ranked: ['Sky'] })).status).toBe(200);
    expect(await ranks('moon_phase')).toEqual(['metric', [['Sky', 1]]]);
    const grace = await test.newPerson();
    const { status } = await ask(
      `${SOURCES}/metric/moon_phase`,
      { method: 'PUT', json: { ranked: ['Sky'] } },
      grace.keys.read,
    );
    expect(status).toBe(400);
  });

  it.each([
    ['metric/no_such_thing', { ranked: [] }, 'name', 'GET /api/v1/metrics'],
    ['category/no_such_thing', { ranked: [] }, 'name', 'activity'],
    ['planet/earth', { ranked: [] }, 'scope', ''],
    ['metric/step_count', { ranked: ['A'], excluded: ['A '] }, '/excluded', ''],
    ['metric/step_count', { rank: ['A'] }, '/ranked', ''],
  ])('%s with %j is refused, and says what to do', async (name, json, pointer, cure) => {
    const { status, errors } = await put(name, json);
    expect([status, errors?.[0]?.pointer]).toEqual([400, pointer]);
    expect(errors?.[0]?.message).toContain(cure);
  });

  it('a list taken back leaves the one below it', async () => {
    await put('category/activity', { ranked: ['Toy'] });
    await put('metric/step_count', { ranked: ['Ada’s Watch'] });
    await settle();
    const remove = () => ask(`${SOURCES}/metric/step_count`, { method: 'DELETE' });
    expect((await remove()).status).toBe(200);
    expect(await stale()).toEqual(['step_count']);
    expect((await ranks('step_count'))[0]).toBe('category');
    expect((await remove()).status).toBe(404);
  });
});
