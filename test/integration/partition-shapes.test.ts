import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Loader, startLoader } from '../../local/corpus/loader.ts';
import { payload, steps } from './support/payloads.ts';

/** Which partitions dates make, in a database of this test's own: the embedded one. */

let loader: Loader;
let ada: string;
beforeAll(async () => {
  loader = await startLoader();
});
afterAll(() => loader.stop());
beforeEach(async () => {
  const rows = await loader.query(
    "select partition from partition_report where table_name = 'samples'",
  );
  for (const { partition } of rows) await loader.query(`drop table ${partition}`);
  ada = await loader.newPerson();
});

const partitions = async (): Promise<string[]> => {
  const rows = await loader.query(
    `select partition from partition_report where table_name = 'samples' order by lower_bound`,
  );
  return rows.map(({ partition }) => String(partition));
};

const weights = (...months: string[]) =>
  payload({
    name: 'weight',
    units: 'kg',
    data: months.map((month) => ({ qty: 70, date: `${month}-15 08:00:00 +0000` })),
  });

const monthsSince = (year: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => new Date(Date.UTC(year, i, 1)).toISOString().slice(0, 7));

const stored = async () => {
  const rows = await loader.query(
    'select count(*) as n from samples join series on id = series_id where user_id = $1',
    [ada],
  );
  return Number(rows[0]?.n);
};

describe('partitions that dates make', () => {
  it('one holds all that is dated before 2014', async () => {
    const { totals } = await loader.load(ada, weights(...monthsSince(1971, 43 * 12)));
    expect(totals.inserted).toBe(43 * 12);
    expect(await partitions()).toEqual(['samples_before_2014']);
  });

  it('680 monthly weights share three dozen months, some years, and the time before', async () => {
    const { totals } = await loader.load(ada, weights(...monthsSince(1970, 680).slice(1)));
    expect(totals.inserted).toBe(679);
    const made = await partitions();
    expect(made[0]).toBe('samples_before_2014');
    expect(made.slice(1, 11)).toEqual(
      monthsSince(2014, 10 * 12)
        .filter((month) => month.endsWith('-01') && month < '2023-09')
        .map((month) => `samples_${month.slice(0, 4)}`)
        .map((year) => (year === 'samples_2023' ? 'samples_2023_01_to_2023_08' : year)),
    );
    expect(made).toHaveLength(1 + 10 + 36);
    expect(await stored()).toBe(679);
  });

  it('a wide one leaves out the months that have one already', async () => {
    await loader.load(ada, weights('2016-05'));
    await loader.load(ada, weights(...monthsSince(2016, 9 * 12)));
    const made = await partitions();
    expect(made.slice(0, 4)).toEqual([
      'samples_2016_01_to_2016_04',
      'samples_2016_05',
      'samples_2016_06_to_2016_12',
      'samples_2017',
    ]);
    expect(await stored()).toBe(9 * 12);
  });

  it('those of months long ago, as former releases have made them, stay, and the rest is shared', async () => {
    for (const year of ['1990', '1991']) {
      await loader.query(
        `create table samples_${year}_01 partition of samples for values from ('${year}-01-01Z') to ('${year}-02-01Z')`,
      );
    }
    await loader.load(ada, weights('1990-01'));
    await loader.load(ada, weights('1980-03', '1990-01', '1990-07', '2013-12'));
    expect(await partitions()).toEqual([
      'samples_1970_01_to_1989_12',
      'samples_1990_01',
      'samples_1990_02_to_1990_12',
      'samples_1991_01',
      'samples_1991_02_to_2013_12',
    ]);
    expect(await stored()).toBe(4);
    await loader.load(ada, weights('1970-02', '1990-12', '2001-01'));
    expect(await partitions()).toHaveLength(5);
  });

  it('none is made for a clock that was never set', async () => {
    const dates = ['1970-01-01 00:00:00 +0000', '1970-01-01 23:59:59 -1200', '1970-01-01T00:00:00'];
    const { totals, issues } = await loader.load(
      ada,
      payload(steps(...dates.map((date) => ({ qty: 1, date })))),
    );
    expect(totals).toMatchObject({ received: 3, set_aside: 3 });
    expect(new Set(issues.map(({ code }) => code))).toEqual(new Set(['implausible_date']));
    expect(await partitions()).toEqual([]);
  });
});

describe('an empty partition', () => {
  const dropEmpty = async (asOf: string) => {
    const rows = await loader.query(
      `select dropped from drop_empty_partitions('samples', 25, $1::timestamptz) as dropped`,
      [asOf],
    );
    return rows.map(({ dropped }) => dropped);
  };

  beforeEach(async () => {
    await loader.load(ada, weights('2001-01', '2015-05', '2015-06'));
    await loader.query('delete from samples where recorded_at < $1', ['2015-06-01']);
    await loader.query('vacuum samples_before_2014, samples_2015_05');
  });

  it('is dropped when it has been empty for a day, and others stay', async () => {
    expect(await dropEmpty('2026-05-01T00:00:00Z')).toEqual([]);
    expect(await dropEmpty('2026-05-01T23:59:00Z')).toEqual([]);
    expect((await dropEmpty('2026-05-02T00:00:00Z')).sort()).toEqual([
      'samples_2015_05',
      'samples_before_2014',
    ]);
    expect(await partitions()).toEqual(['samples_2015_06']);
    expect(await stored()).toBe(1);
  });

  it('stays if something has come meanwhile', async () => {
    await dropEmpty('2026-05-01T00:00:00Z');
    await loader.load(ada, weights('2015-05'));
    expect(await dropEmpty('2026-05-03T00:00:00Z')).toEqual(['samples_before_2014']);
    expect(await partitions()).toEqual(['samples_2015_05', 'samples_2015_06']);
  });

  it('of this month or one to come stays', async () => {
    await loader.query(`select ensure_partitions('samples', array['2026-05-10'::timestamptz])`);
    await dropEmpty('2026-05-01T00:00:00Z');
    await dropEmpty('2026-05-03T00:00:00Z');
    expect(await partitions()).toContain('samples_2026_05');
  });
});
