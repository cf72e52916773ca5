import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importAll } from '../../local/import/importer.ts';
import { readManifest, verifyFiles } from '../../local/import/manifest.ts';
import { openZip } from '../../local/import/zip-reader.ts';
import { exportAll, uploadEverything } from './support/exports.ts';
import { minutes, payload, steps } from './support/payloads.ts';
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

const save = (zip: Buffer): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'import-')), 'export.zip');
  writeFileSync(path, zip);
  return path;
};

async function importZip(bytes: Buffer, email = `${crypto.randomUUID()}@example.org`) {
  const zip = await openZip(save(bytes));
  try {
    const manifest = await readManifest(zip);
    await verifyFiles(zip, manifest, () => {});
    const imported = await importAll(test.stack, { zip, manifest, email, onRows: () => {} });
    const [person] = await test.stack.query('select id from users where email = $1', [email]);
    return { imported, email, id: String(person?.id) };
  } finally {
    await zip.close();
  }
}

const SERIES = `(select to_jsonb(s) - 'id' - 'user_id' from series as s where s.id = t.series_id)`;
const WORKOUT = `(select external_id from workouts as w where w.id = t.workout_id)`;
const NOTHING = `'null'::jsonb`;
const OF_SERIES = 'series_id in (select id from series where user_id = $1)';
const OF_PERSON = 'user_id = $1';
const OF_UPLOAD = 'ingestion_id in (select id from ingestions where user_id = $1)';

/** All rows of a person, with what they hang on in place of numbers and ids that an import makes anew. */
const TABLES: Readonly<Record<string, readonly [row: string, whose: string]>> = {
  series: [NOTHING, OF_PERSON],
  source_preferences: [NOTHING, OF_PERSON],
  goals: [`to_jsonb(t.id)`, OF_PERSON],
  goal_targets: [NOTHING, 'goal_id in (select id from goals where user_id = $1)'],
  samples: [SERIES, OF_SERIES],
  blood_pressure: [SERIES, OF_SERIES],
  sleep_nights: [SERIES, OF_SERIES],
  sleep_stages: [SERIES, OF_SERIES],
  ecg_recordings: [SERIES, OF_SERIES],
  workouts: [NOTHING, OF_PERSON],
  workout_series: [`to_jsonb(${WORKOUT}) || ${SERIES}`, OF_SERIES],
  workout_samples: [`to_jsonb(${WORKOUT}) || ${SERIES}`, OF_SERIES],
  workout_routes: [`to_jsonb(${WORKOUT}) || to_jsonb(st_asewkb(track::geometry)::text)`, OF_PERSON],
  events: [NOTHING, OF_PERSON],
  ingestions: [`to_jsonb(regexp_replace(raw_key, '^raw/([^/]*)/[^/]*', 'raw/\\1'))`, OF_PERSON],
  ingestion_slices: [NOTHING, OF_UPLOAD],
  set_aside: [NOTHING, OF_UPLOAD],
};

async function allRows(id: string): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const [table, [known, whose]] of Object.entries(TABLES)) {
    const rows = await test.stack.query(
      `select ((to_jsonb(t) - '{id,user_id,series_id,workout_id,key_id,raw_key,track}'::text[])
         || jsonb_build_object('known', ${known})
         ${table === 'ingestions' ? `|| jsonb_build_object('id', id)` : ''})::text as row
       from ${table} as t where ${whose} order by 1`,
      [id],
    );
    all[table] = rows.map(({ row }) => String(row));
  }
  return all;
}

async function eraseAda(): Promise<void> {
  const init = { method: 'DELETE', headers: { 'Content-Type': 'application/json' } };
  const ask = (body: object) =>
    test.call('/api/v1/me', ada.keys.read, { ...init, body: JSON.stringify(body) });
  const { confirm } = (await ask({})).body.data as unknown as { confirm: string };
  expect((await ask({ confirm })).status).toBe(200);
}

describe('an import', () => {
  it('into an empty account gives every row of every table as it was', async () => {
    await uploadEverything(test, ada);
    await test.upload(ada, payload(steps(...minutes(12_000))));
    // A correction, so that rows have revisions.
    await test.upload(ada, payload(steps(...minutes(5).map((each) => ({ ...each, qty: 77.7 })))));
    await test.stack.query(`update users set week_start = 7, units = '{"kg":"lb"}' where id = $1`, [
      ada.id,
    ]);
    const before = await allRows(ada.id);
    for (const [table, rows] of Object.entries(before)) {
      expect([table, rows.length > 0]).toEqual([table, true]);
    }
    const { zip } = await exportAll(test, ada);
    await eraseAda();
    const { id, imported } = await importZip(zip);

    const after = await allRows(id);
    for (const table of Object.keys(TABLES)) expect(after[table]).toEqual(before[table]);
    for (const [table, { rows, stored }] of Object.entries(imported)) {
      expect([table, stored]).toEqual([table, rows]);
    }
    const [person] = await test.stack.query(
      'select time_zone, week_start::text, units::text from users where id = $1',
      [id],
    );
    expect(person).toEqual({ time_zone: 'Europe/Vienna', week_start: '7', units: '{"kg": "lb"}' });
    const stale = await test.stack.query('select metric from stale_metrics where user_id = $1', [
      id,
    ]);
    expect(stale.map(({ metric }) => metric)).toContain('step_count');
  });

  it('done twice changes nothing, and leaves what is newer', async () => {
    await test.upload(ada, payload(steps(...minutes(100))));
    const { zip } = await exportAll(test, ada);
    const { id, email } = await importZip(zip);
    await test.stack.query(
      `update samples set value = 4242 where ${OF_SERIES} and extract(minute from recorded_at) = 7`,
      [id],
    );
    const before = await allRows(id);
    const { imported } = await importZip(zip, email);
    expect(imported.samples).toEqual({ rows: 100, stored: 0 });
    expect(await allRows(id)).toEqual(before);
  });

  it('beside the account it came from takes no receipt from there', async () => {
    await test.upload(ada, payload(steps(...minutes(100))));
    const before = await allRows(ada.id);
    const { zip } = await exportAll(test, ada);
    const { id, imported } = await importZip(zip);
    expect(imported).toMatchObject({
      samples: { stored: 100 },
      receipts: { rows: 1, stored: 0 },
      receipt_slices: { rows: 1, stored: 0 },
    });
    expect(await allRows(ada.id)).toEqual(before);
    expect((await allRows(id)).samples).toEqual(before.samples);
  });

  it('never points a receipt at the body of another', async () => {
    await test.upload(ada, payload(steps(...minutes(3))));
    const { zip } = await exportAll(test, ada);
    await eraseAda();
    const { id } = await importZip(zip);
    const [row] = await test.stack.query('select raw_key from ingestions where user_id = $1', [id]);
    expect(row?.raw_key).toMatch(new RegExp(`^raw/[^/]+/${id}/[^/]+$`));
  });

  it('of a damaged file stores nothing, and says which one it is', async () => {
    await test.upload(ada, payload(steps(...minutes(3_000))));
    const { zip } = await exportAll(test, ada);
    const at = zip.indexOf('samples/2026-03.ndjson') + 200;
    zip[at] = (zip[at] ?? 0) ^ 0xff;
    const email = `${crypto.randomUUID()}@example.org`;
    await expect(importZip(zip, email)).rejects.toThrow(/samples\/2026-03\.ndjson is/);
    expect(await test.stack.query('select 1 from users where email = $1', [email])).toEqual([]);
    await expect(importZip(zip.subarray(0, zip.length / 2), email)).rejects.toThrow(
      'no zip archive',
    );
    await expect(importZip(Buffer.from('no zip'), email)).rejects.toThrow('no zip archive');
  });
});
