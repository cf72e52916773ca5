import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { unzipSync } from 'fflate';
import Papa from 'papaparse';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EXAMPLE, exportAll, exportsOf, uploadEverything } from './support/exports.ts';
import { minutes, payload, steps } from './support/payloads.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';
import { unzip } from './support/zip.ts';

let test: TestStack;
let ada: Person;
beforeAll(async () => {
  test = await startTestStack();
});
beforeEach(async () => {
  ada = await test.newPerson();
});
afterAll(() => test.stack.stop());

interface Manifest {
  version: number;
  person: { email: string; time_zone: string };
  files: { path: string; part: string; rows?: number; bytes: number; sha256: string }[];
  tables: Record<string, { rows: number; files: number }>;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const manifestOf = (files: Map<string, Buffer>): Manifest =>
  JSON.parse(String(files.get('manifest.json')));
const linesOf = (file: Buffer | undefined) =>
  String(file)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const countOf = async (table: string, person: Person) => {
  const where = ['workouts', 'events', 'series', 'ingestions', 'workout_routes'].includes(table)
    ? 'user_id = $1'
    : 'series_id in (select id from series where user_id = $1)';
  const [row] = await test.stack.query(`select count(*) as n from ${table} where ${where}`, [
    person.id,
  ]);
  return Number(row?.n);
};

describe('the zip', () => {
  it('holds every row of every table, and says so in its manifest', async () => {
    await uploadEverything(test, ada);
    const { done, zip } = await exportAll(test, ada, { include_raw: true });
    expect(done).toMatchObject({ status: 'done', failure: null, bytes: zip.length });
    expect(done.sha256).toBe(sha256(zip));
    expect(done.steps.done).toBe(done.steps.total);

    const files = unzip(zip);
    const manifest = manifestOf(files);
    expect(manifest.version).toBe(1);
    expect(manifest.person.time_zone).toBe('Europe/Vienna');
    expect([...files.keys()].sort()).toEqual(
      [...manifest.files.map(({ path }) => path), 'manifest.json'].sort(),
    );
    for (const { path, bytes, sha256: hash } of manifest.files) {
      const file = files.get(path) ?? Buffer.alloc(0);
      expect([path, file.length, sha256(file)]).toEqual([path, bytes, hash]);
    }
    const tables = {
      samples: 'samples',
      series: 'series',
      blood_pressure: 'blood_pressure',
      sleep_nights: 'sleep_nights',
      sleep_stages: 'sleep_stages',
      ecg: 'ecg_recordings',
      workouts: 'workouts',
      workout_series: 'workout_series',
      workout_samples: 'workout_samples',
      routes: 'workout_routes',
      events: 'events',
      receipts: 'ingestions',
    };
    for (const [name, table] of Object.entries(tables)) {
      const rows = await countOf(table, ada);
      expect([name, manifest.tables[name]?.rows ?? 0]).toEqual([name, rows]);
      expect([name, rows > 0]).toEqual([name, true]);
    }
    expect(manifest.files.some(({ path }) => /^routes\/gpx\/.*\.gpx$/.test(path))).toBe(true);
    expect(manifest.files.some(({ path }) => /^ecg\/csv\/.*\.csv$/.test(path))).toBe(true);
    const raw = manifest.files.filter(({ part }) => part === 'raw');
    expect(raw.map(({ path }) => String(files.get(path)))).toContain(EXAMPLE);
    expect(manifest.tables).toMatchObject({
      set_aside: { rows: 2 },
      source_preferences: { rows: 1 },
      goals: { rows: 1 },
      goal_targets: { rows: 2 },
    });
  });

  it('is one that other programs read', async () => {
    await test.upload(ada, EXAMPLE);
    const { zip } = await exportAll(test, ada);
    const mine = unzip(zip);
    const theirs = unzipSync(zip);
    expect(Object.keys(theirs).sort()).toEqual([...mine.keys()].sort());
    for (const [path, bytes] of mine) expect(sha256(theirs[path] ?? bytes)).toBe(sha256(bytes));
    const path = join(mkdtempSync(join(tmpdir(), 'export-')), 'export.zip');
    writeFileSync(path, zip);
    const said = execFileSync('unzip', ['-t', path]).toString();
    expect(said).toContain('No errors detected');
  });

  it('has numbers and instants as they are stored, in NDJSON and in CSV', async () => {
    const numbers = [0.1 + 0.2, 1e-7, 123456789.12345678, 5e-324, 4, 1.7976931348623157e308];
    const points = numbers.map((qty, i) => ({
      qty,
      date: `2026-03-02 07:41:0${i} +0100`,
      source: `=cmd "quoted", Ada's Watch`,
    }));
    await test.upload(ada, payload(steps(...points)));
    const files = unzip((await exportAll(test, ada)).zip);
    const lines = linesOf(files.get('samples/2026-03.ndjson'));
    expect(lines.map(({ value }) => value)).toEqual(numbers);
    expect(lines[0]?.recorded_at).toBe('2026-03-02T06:41:00.000Z');
    const { data } = Papa.parse<Record<string, string>>(
      String(files.get('samples/2026-03.csv')).trimEnd(),
      { header: true },
    );
    expect(data.map(({ value }) => Number(value))).toEqual(numbers);
    expect(data[0]?.metric).toBe('step_count');
    expect(data[0]?.source).toMatch(/^'=cmd "quoted"/);
  });

  it('of a span has what happened in it', async () => {
    await test.upload(ada, payload(steps(...minutes(3_000))));
    const span = { from: '2026-03-02T00:00:00Z', to: '2026-03-02T12:00:00Z' };
    const files = unzip((await exportAll(test, ada, span)).zip);
    const lines = linesOf(files.get('samples/2026-03.ndjson'));
    expect(lines).toHaveLength(720);
    expect(lines[0]?.recorded_at).toBe('2026-03-02T00:00:00.000Z');
    expect(lines.at(-1)?.recorded_at).toBe('2026-03-02T11:59:00.000Z');
  });

  it('of nobody in particular is whole, too', async () => {
    const { zip } = await exportAll(test, ada);
    expect([...unzip(zip).keys()]).toEqual(['README.txt', 'manifest.json']);
  });

  it('has rows of the person alone', async () => {
    const grace = await test.newPerson();
    await test.upload(grace, payload(steps(...minutes(50, 'GraceWatch'))));
    await test.upload(ada, payload(steps(...minutes(50_000, 'AdaWatch'))));
    const files = unzip((await exportAll(test, ada)).zip);
    const all = [...files.values()].map(String).join('');
    expect(all).not.toMatch(/gracewatch/i);
    const samples = [...files.keys()].filter((path) => /^samples.*ndjson$/.test(path));
    expect(samples.flatMap((path) => linesOf(files.get(path)))).toHaveLength(50_000);
  });
});

describe('a download', () => {
  it('goes on where it was cut off, and never with another file', async () => {
    await test.upload(ada, payload(steps(...minutes(3_000))));
    const { id, zip, done } = await exportAll(test, ada);
    const { download } = exportsOf(test, ada);
    const whole = await download(id);
    const tag = whole.headers.get('etag') ?? '';
    expect(tag).toBe(`"${done.sha256}"`);
    expect(whole.headers.get('content-length')).toBe(String(zip.length));
    expect(whole.headers.get('accept-ranges')).toBe('bytes');
    expect(whole.headers.get('content-type')).toBe('application/zip');
    expect(whole.headers.get('content-disposition')).toMatch(/^attachment; filename=".*\.zip"$/);
    await whole.arrayBuffer();

    const part = async (range: string, headers = {}) => {
      const answer = await download(id, { Range: range, ...headers });
      return { answer, bytes: Buffer.from(await answer.arrayBuffer()) };
    };
    const rest = await part('bytes=1000-', { 'If-Range': tag });
    expect(rest.answer.status).toBe(206);
    expect(rest.answer.headers.get('content-range')).toBe(
      `bytes 1000-${zip.length - 1}/${zip.length}`,
    );
    expect(rest.bytes.equals(zip.subarray(1_000))).toBe(true);
    expect((await part('bytes=10-19')).bytes.equals(zip.subarray(10, 20))).toBe(true);
    expect((await part('bytes=-22')).bytes.equals(zip.subarray(-22))).toBe(true);
    expect((await part('bytes=0-999999999')).bytes.equals(zip)).toBe(true);

    const other = await part('bytes=1000-', { 'If-Range': '"another"' });
    expect([other.answer.status, other.bytes.length]).toEqual([200, zip.length]);
    const beyond = await part(`bytes=${zip.length}-`);
    expect(beyond.answer.status).toBe(416);
    expect(beyond.answer.headers.get('content-range')).toBe(`bytes */${zip.length}`);
    for (const odd of ['bytes=5-2', 'bytes=0-1,5-6', 'lines=1-2', 'bytes=-']) {
      expect([odd, (await part(odd)).answer.status]).toEqual([odd, 200]);
    }
    expect((await download(id, { 'If-None-Match': tag })).status).toBe(304);
    const head = await download(id, {}, 'HEAD');
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(zip.length)]);
  });

  it('of what is not done, was removed or is not theirs is refused', async () => {
    await test.upload(ada, payload(steps(...minutes(10))));
    const { id } = await exportAll(test, ada);
    const { download, ask } = exportsOf(test, ada);
    const grace = exportsOf(test, await test.newPerson());
    expect((await grace.download(id)).status).toBe(404);
    expect((await grace.ask(`/${id}`)).status).toBe(404);
    expect((await grace.ask(`/${id}`, { method: 'DELETE' })).status).toBe(404);
    await test.stack.query(`update exports set status = 'running' where id = $1`, [id]);
    expect((await download(id)).status).toBe(409);
    await test.stack.query(`update exports set status = 'done' where id = $1`, [id]);
    expect((await ask(`/${id}`, { method: 'DELETE' })).status).toBe(200);
    expect((await download(id)).status).toBe(404);
    const bucket = await test.archive();
    expect((await bucket.list({ prefix: `exports/${ada.id}/` })).objects).toEqual([]);
  });

  it('ends when the zip expires', async () => {
    await test.upload(ada, payload(steps(...minutes(10))));
    const { id, done } = await exportAll(test, ada);
    const days = (Date.parse(done.expires_at ?? '') - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.9);
    await test.stack.query(`update exports set expires_at = now() - interval '1 s' where id = $1`, [
      id,
    ]);
    await test.ring('43 3 * * *');
    const { download, state } = exportsOf(test, ada);
    expect((await state(id)).status).toBe('expired');
    expect((await download(id)).status).toBe(410);
    const bucket = await test.archive();
    expect((await bucket.list({ prefix: `exports/${ada.id}/` })).objects).toEqual([]);
  });
});

describe('an export that was interrupted', () => {
  it('goes on from its last commit, with the same rows', async () => {
    await test.upload(ada, EXAMPLE);
    const { id, zip } = await exportAll(test, ada);
    const before = unzip(zip);
    // As if the isolate had been killed after some steps: the row as it was at a commit, its message lost.
    const again = await exportsOf(test, ada).start();
    await exportsOf(test, ada).done(again.id);
    const bucket = await test.archive();
    await bucket.delete(`exports/${ada.id}/${again.id}.zip`);
    await test.stack.query(
      `update exports set status = 'running', step = 2, upload_id = 'lost', rest = 7, finished_at = null,
         touched_at = now() - interval '1 hour'
       where id = $1`,
      [again.id],
    );
    await test.ring('17 * * * *');
    const done = await exportsOf(test, ada).done(again.id);
    expect(done.status).toBe('done');
    const { download } = exportsOf(test, ada);
    const after = unzip(Buffer.from(await (await download(again.id)).arrayBuffer()));
    const plain = (files: Map<string, Buffer>) =>
      [...files].filter(([path]) => path !== 'manifest.json').map(([path, b]) => [path, sha256(b)]);
    expect(plain(after)).toEqual(plain(before));
    expect(id).not.toBe(again.id);
  });

  it('while the database was away comes to its end', async () => {
    await test.upload(ada, payload(steps(...minutes(20_000))));
    const exports = exportsOf(test, ada);
    const { id } = await exports.start();
    test.stack.database.pause();
    await setTimeout(300);
    test.stack.database.resume();
    await test.stack.query(
      // The lease of who was stopped runs out after some minutes.
      `update exports set touched_at = now() - interval '1 hour', leased_until = now() where id = $1`,
      [id],
    );
    await test.ring('17 * * * *');
    expect((await exports.done(id)).status).toBe('done');
  });
});

it('an export is on record', async () => {
  await exportAll(test, ada, { include_raw: true });
  const { body } = await test.call(`/api/v1/admin/audit?person_id=${ada.id}`, ada.keys.admin);
  const deeds = body.data as unknown as { action: string; details: object }[];
  expect(deeds).toMatchObject([{ action: 'exported', details: { include_raw: true } }]);
});
