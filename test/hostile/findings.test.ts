import { randomUUID } from 'node:crypto';
import { type ClientRequest, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { metric, minutes, payload, steps } from '../integration/support/payloads.ts';
import { startTestStack, type TestStack } from '../integration/support/stack.ts';
import {
  type Attack,
  type Attacker,
  putUnderAttack,
  type UnderAttack,
} from './support/under-attack.ts';

/** What once stopped an isolate, held others up or filled the database with one ordinary key, beside a person who is served. */

let test: TestStack;
let underAttack: UnderAttack;
beforeAll(async () => {
  test = await startTestStack({ RECOMPUTE_AFTER_SECONDS: '60' });
  // The embedded database knows one connection: there everybody waits for everybody.
  underAttack = await putUnderAttack(test, { isTimed: Boolean(process.env.TEST_DATABASE_URL) });
});
afterAll(() => test.stack.stop());

type Bytes = Uint8Array<ArrayBuffer>;
const CHECK = '/api/v1/check';
const SYNC = '/api/v1/sync';
const GOALS = '/api/v1/goals';
const PREFERENCES = '/api/v1/preferences';

const gzip = (body: string | Uint8Array): Bytes => new Uint8Array(gzipSync(body, { level: 1 }));
const zip = (files: Record<string, string>): Bytes =>
  new Uint8Array(
    zipSync(
      Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])),
      {
        level: 1,
      },
    ),
  );
const packed = (body: string | Uint8Array, type = 'application/json'): RequestInit => ({
  method: 'POST',
  body: gzip(body),
  headers: { 'Content-Encoding': 'gzip', 'Content-Type': type },
});
const json = (method: string, body: BodyInit): RequestInit => ({
  method,
  body,
  headers: { 'Content-Type': 'application/json' },
});
const list = <T>(length: number, make: (i: number) => T): T[] =>
  Array.from({ length }, (_, i) => make(i));

/** Each request several times at once: what one does, a few do at the same moment. */
const volley =
  (paths: readonly string[], init: RequestInit, times = 2) =>
  ({ send }: Attacker) =>
    Promise.all(paths.flatMap((path) => list(times, () => send(path, 'ing', init))));

/** One after the other for some seconds, in a few lanes. */
async function loop(seconds: number, lanes: number, act: (i: number) => Promise<unknown>) {
  const end = performance.now() + seconds * 1_000;
  let i = 0;
  await Promise.all(
    list(lanes, async () => {
      while (performance.now() < end) await act(i++);
    }),
  );
}

const monthly = (salt: number): string =>
  payload(
    metric(
      'weight',
      'kg',
      list(600, (i) => ({
        qty: 70 + salt,
        date: `${new Date(Date.UTC(1971, i, 3)).toISOString().slice(0, 10)} 08:00:00 +0000`,
      })),
    ),
  );
const named = (count: number, tag: string): string =>
  payload(...list(count, (i) => metric(`made_up_${tag}_${i}`, 'x', minutes(1))));
const bad = (count: number): string =>
  payload(
    metric(
      'step_count',
      'count',
      list(count, () => ({ qty: 1 })),
    ),
  );
const blanks = `date,${'[ '.repeat(9_000)}x\n2026-03-02,1\n`;

const partsAndWorkouts = (workouts: number, parts: number): Bytes =>
  zip({
    'Workouts.csv': `Workout Type,Start,End\n${list(workouts, (i) => `Run ${i},2026-03-02 12:01:10,2026-03-02 12:33:40\n`).join('')}`,
    ...Object.fromEntries(
      list(parts, (i) => [`Walk-Heart Rate-20260302_${100_000 + i}.csv`, 'date,b\n2026-03-02,1\n']),
    ),
  });

/** Sends a head and a little of a body, and hangs up. */
async function hangUp(attacker: Attacker): Promise<void> {
  const started: ClientRequest = request(`${test.stack.url}${SYNC}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${attacker.keys.ing}`, 'Content-Length': '100000' },
  });
  started.on('error', () => {});
  started.write('{"data":');
  await setTimeout(50);
  started.destroy();
}

const errorsLogged = () => test.logs.filter((line) => line.includes('"status":500')).length;

/** Bodies are made before anything is measured: making them is no work of the server. */
const ATTACKS: [name: string, prepare: () => Attack['run']][] = [
  [
    'a table of 1,900 columns and 320,000 rows',
    () => {
      const table = `date,${Array(1_900).fill('a').join(',')}\n${'1,\n'.repeat(320_000)}`;
      const init = packed(table, 'text/csv');
      return volley([CHECK, SYNC], init);
    },
  ],
  [
    'a zip of names of 64 kB',
    () => {
      const files = list(20, (i) => [`${i}${'a-'.repeat(32_000)}.csv`, 'x']);
      const init = { method: 'POST', body: zip(Object.fromEntries(files)) };
      return volley([CHECK, SYNC], init);
    },
  ],
  ['200,000 points without a date', () => volley([SYNC], packed(bad(200_000)))],
  [
    'dry runs of 600 months, again and again',
    () => {
      const bodies = list(50, monthly);
      return ({ send }) =>
        loop(6, 2, (i) => send(CHECK, 'ing', { method: 'POST', body: bodies[i % 50] ?? '' }));
    },
  ],
  [
    '5,000 new names',
    () => {
      const [checked, stored] = [packed(named(5_000, 'a')), packed(named(5_000, 'b'))];
      return ({ send }) => Promise.all([send(CHECK, 'ing', checked), send(SYNC, 'ing', stored)]);
    },
  ],
  ['a dry run of 400,000 bad points', () => volley([CHECK], packed(bad(400_000)), 1)],
  [
    'ten megabytes in a few hundred kilobytes',
    () => {
      const bodies = list(4, (i) => packed(payload(steps(...minutes(25_000, `Watch ${i}`)))));
      return ({ send }) => Promise.all(bodies.map((each) => send(SYNC, 'ing', each)));
    },
  ],
  [
    'JSON of 40 MB and of 100,000 units',
    () => {
      const goals = json('POST', `{"x":[${'[],'.repeat(13_000_000)}[]]}`);
      const units = json(
        'PATCH',
        JSON.stringify({ units: Object.fromEntries(list(100_000, (i) => [`unit_${i}`, 'kg'])) }),
      );
      return ({ send }) =>
        Promise.all([
          ...list(2, () => send(GOALS, 'read', goals)),
          ...list(2, () => send(PREFERENCES, 'read', units)),
        ]);
    },
  ],
  [
    'a zip of 20,000 empty files, twice as many as are taken',
    () => {
      const init = packed(zip(Object.fromEntries(list(20_000, (i) => [`${i}`, '']))));
      return volley([CHECK, SYNC], init, 1);
    },
  ],
  [
    '5,000 parts and 5,000 workouts',
    () => {
      const init = packed(partsAndWorkouts(5_000, 5_000));
      return volley([CHECK, SYNC], init, 1);
    },
  ],
  [
    'headers of blanks and brackets',
    () => {
      const init = {
        method: 'POST',
        body: zip(Object.fromEntries(list(8, (i) => [`${i}.csv`, blanks]))),
      };
      return volley([CHECK, SYNC], init);
    },
  ],
  [
    'changes of the time zone',
    () => {
      const history = packed(payload(...list(200, (i) => metric(`own_${i}`, 'x', minutes(50)))));
      const zones = ['Asia/Tokyo', 'Europe/Paris', 'Asia/Seoul', 'Europe/Rome', 'Asia/Dubai'];
      const to = (zone = 'Europe/Oslo') => json('PATCH', JSON.stringify({ time_zone: zone }));
      return async ({ send }) => {
        await send(SYNC, 'ing', history);
        const statuses = [];
        for (let i = 0; i < 40; i++) {
          statuses.push((await send(PREFERENCES, 'read', to(zones[i]))).status);
        }
        expect(statuses.filter((status) => status === 200)).toHaveLength(5);
      };
    },
  ],
  [
    'a flood of what is open to all',
    () =>
      async ({ send }) => {
        const headers = { 'CF-Connecting-IP': '192.0.2.77' };
        await loop(5, 8, () => send(`/api/v1/erasures/${randomUUID()}`, null, { headers }));
        await loop(3, 8, () => send('/health', null, { headers }));
      },
  ],
  [
    'looks at receipts and exports that are not there',
    () =>
      ({ send }) =>
        loop(5, 8, (i) =>
          send(`/api/v1/${i % 2 ? 'exports' : 'ingestions'}/${randomUUID()}`, 'read'),
        ),
  ],
  [
    'forty exports of everything',
    () =>
      async ({ send }) => {
        const wish = json('POST', '{"include_raw":true}');
        const answers = await Promise.all(list(40, () => send('/api/v1/exports', 'read', wish)));
        const begun = answers.filter(({ status }) => status === 202);
        expect(begun.length).toBeGreaterThan(0);
        expect(begun.length).toBeLessThanOrEqual(5);
      },
  ],
  [
    'fifty clients that hang up in the middle of a body',
    () => async (attacker) => {
      const before = errorsLogged();
      await Promise.all(list(50, () => hangUp(attacker)));
      await setTimeout(500);
      expect(errorsLogged()).toBe(before);
    },
  ],
  [
    'a zone that one of two knows',
    () =>
      async ({ send }) => {
        const path =
          '/api/v1/metrics/step_count/daily?from=2026-03-02&to=2026-03-02&tz=US/Pacific-New';
        expect((await send(path, 'read')).status).toBeLessThan(500);
      },
  ],
];

it.each(ATTACKS)('%s', async (name, prepare) => {
  await underAttack.run({ name, run: prepare() });
});
