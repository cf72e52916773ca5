import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AT, minutes, payload, steps } from './support/payloads.ts';
import { accounts } from './support/receipts.ts';
import { startTestStack, type TestStack } from './support/stack.ts';

/** The app's exports that are no JSON, posted to the URL that takes JSON. */

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack({ MAX_FILES_BYTES: '200000' });
});
afterAll(() => test.stack.stop());

const METRICS =
  'Date/Time,Step Count (steps),Heart Rate [Min] (bpm),Heart Rate [Max] (bpm),Heart Rate [Avg] (bpm)\n2026-03-02 00:00:00,8000,50,120,63.5\n';
const WORKOUTS =
  'Workout Type,Start,End,Duration,Distance (km),\nOutdoor Walk,2026-03-02 12:01:10,2026-03-02 12:33:40,00:31:30,2.5,\n';
const ROUTE = `<gpx><trk><trkseg><trkpt lat="48.2" lon="16.37"><time>2026-03-02T11:01:12Z</time></trkpt>
  <trkpt lat="48.3" lon="16.4"><time>2026-03-02T11:02:12Z</time></trkpt></trkseg></trk></gpx>`;

const zipOf = (files: Record<string, string>) =>
  new Uint8Array(
    zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))),
  );

it('a form of CSVs, as the automation posts it, is stored in the zone of the person', async () => {
  const ada = await test.newPerson();
  const form = new FormData();
  form.append('metrics', new File([METRICS], 'HealthAutoExport.csv'));
  form.append('workouts', new File([WORKOUTS], 'Workouts.csv'));
  const { status, body } = await test.call('/api/v1/sync', ada.keys.ing, {
    method: 'POST',
    body: form,
    headers: { 'automation-aggregation': 'Days' },
  });
  expect(status).toBe(200);
  expect(body.data.totals).toMatchObject({ received: 3, inserted: 3 });
  expect(body.data.issues.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['offset_missing']),
  );
  expect(await test.rows(ada)).toMatchObject([
    { metric: 'heart_rate', numbers: '63.5 50 120', at: '2026-03-01 23:00:00+00' },
    { metric: 'step_count', numbers: '8000', grouping: 'days' },
    { metric: 'workouts', at: '2026-03-02 11:01:10+00' },
  ]);
});

it('a zip of CSVs and ways: the way hangs on its workout, the archive keeps the zip as it came', async () => {
  const ada = await test.newPerson();
  const zip = zipOf({
    'Outdoor Walk-Route-20260302_120110.gpx': ROUTE,
    'Workouts.csv': WORKOUTS,
    'HealthAutoExport.csv': METRICS,
    'notes.txt': 'hello',
  });
  const receipt = await test.upload(ada, zip);
  expect(accounts(receipt)).toBe(true);
  expect(receipt.issues).toContainEqual(
    expect.objectContaining({ pointer: '/notes.txt', code: 'file_not_readable' }),
  );
  const [way] = await test.stack.query('select points from workout_routes where user_id = $1', [
    ada.id,
  ]);
  expect(way).toEqual({ points: '2' });
  const { objects } = await (await test.archive()).list({ prefix: `original/${ada.id}/` });
  expect(objects).toHaveLength(1);
});

it('a zip with a large JSON goes through the queue, slice by slice, and can be replayed', async () => {
  const ada = await test.newPerson();
  const zip = zipOf({ 'HealthAutoExport.json': payload(steps(...minutes(20_000))) });
  const receipt = await test.upload(ada, zip);
  expect(receipt.slices.total).toBeGreaterThan(2);
  expect(receipt.totals).toMatchObject({ received: 20_000, inserted: 20_000 });
  const { body } = await test.call(`/api/v1/ingestions/${receipt.id}/replay`, ada.keys.ing, {
    method: 'POST',
  });
  const again = await test.closed(ada, body.data.id);
  expect(again.totals).toMatchObject({ received: 20_000, unchanged: 20_000 });
});

it('the same zip again is a repetition', async () => {
  const ada = await test.newPerson();
  const zip = zipOf({ 'Workouts.csv': WORKOUTS });
  const { id } = await test.upload(ada, zip);
  const { headers, body } = await test.post(ada, zip);
  expect(headers.get('idempotency-replayed')).toBe('true');
  expect(body.data.id).toBe(id);
  const { objects } = await (await test.archive()).list({ prefix: `original/${ada.id}/` });
  expect(objects).toHaveLength(1);
});

it('a list of payloads in one body is one upload', async () => {
  const ada = await test.newPerson();
  const [one, two] = [
    { qty: 1, date: AT },
    { qty: 2, date: '2026-03-02 07:42:00 +0100' },
  ];
  const receipt = await test.upload(ada, `[${payload(steps(one))},${payload(steps(two))}]`);
  expect(receipt.totals).toMatchObject({ received: 2, inserted: 2 });
});

it('a broken zip is refused with the cure, and kept for diagnosis', async () => {
  const ada = await test.newPerson();
  const { status, body } = await test.post(ada, zipOf({ 'a.json': payload() }).slice(0, 60));
  expect([status, body.error]).toEqual([400, 'invalid_zip']);
  expect(body.detail).toContain('again');
  expect(await test.archived(ada)).toEqual([expect.stringMatching(/^rejected\//)]);
  expect(await test.rows(ada)).toEqual([]);
});

it('a zip that is too large to be held is told the limit', async () => {
  const ada = await test.newPerson();
  const noise = Array.from({ length: 60_000 }, () => Math.random()).join('');
  const { status, body } = await test.post(ada, zipOf({ 'a.json': noise }));
  expect([status, body.error]).toEqual([413, 'body_too_large']);
  expect(body.detail).toContain('200000');
  expect(await test.archived(ada)).toEqual([]);
});

it('a dry run takes files too', async () => {
  const ada = await test.newPerson();
  const { body } = await test.call('/api/v1/check', ada.keys.ing, {
    method: 'POST',
    body: zipOf({ 'Workouts.csv': WORKOUTS }),
  });
  expect(body.data.totals).toMatchObject({ received: 1, inserted: 1 });
  expect(await test.rows(ada)).toEqual([]);
});
