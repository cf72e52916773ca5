import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_PEPPER } from '../../local/stack/stack.ts';
import { tagKey } from '../../src/keys/seal.ts';
import { newKeyIn } from '../integration/support/keys.ts';
import { minutes, payload, steps } from '../integration/support/payloads.ts';
import { type Bed, startBed } from './bed/bed.ts';
import { Ledger, RESTLESS } from './bed/ledger.ts';
import type { Person } from './bed/people.ts';

/**
 * Outages of days, for phones that post by the hour. The clock of the API goes from three days ago to the present, an
 * hour an upload; Redis and Postgres keep the present. Each twelfth hour the API's process is killed, and with it the
 * memory of its isolate.
 */

let bed: Bed;
beforeAll(async () => {
  bed = await startBed({ seed: 20, vars: RESTLESS });
});
afterEach(() => {
  bed.setClock(0);
  bed.calm();
});
afterAll(() => bed?.stop());

const HOUR_MS = 3_600_000;
const HOURS = 72;
const RESTART_HOURS = 12;
const POINTS = 5;

const SWEEP = '*/10 * * * *';

/** Each hour of three days, the first of which is the one before the outage. */
async function byTheHour(use: (hour: number) => Promise<void>): Promise<void> {
  for (let hour = 0; hour <= HOURS; hour++) {
    bed.setClock((hour - HOURS) * HOUR_MS);
    if (hour > 0 && hour % RESTART_HOURS === 0) await bed.api.restart();
    await use(hour);
  }
  bed.setClock(0);
}

const everythingAway = () => {
  bed.database.behave({ kind: 'down' });
  bed.redis.behave('down');
};

const held = async (): Promise<string[]> =>
  (await bed.cloud.bucket.list({ prefix: 'held/' })).objects.map(({ key }) => key);

/** Maintenance takes in by messages, after the cron has ended. */
const nothingHeld = (): Promise<void> =>
  expect.poll(held, { timeout: 120_000, interval: 500 }).toEqual([]);

const withKey = (person: Person, ing: string): Person => ({
  ...person,
  keys: { ...person.keys, ing },
});

/** In the archive, as a key of a former release has it. */
const checksummed = async (person: Person): Promise<Person> =>
  withKey(
    person,
    await newKeyIn(bed.query, { userId: person.id, kind: 'ing' }, { form: 'checksummed' }),
  );

const lookupOf = (person: Person): string => person.keys.ing.slice(7, 19);

it('every store away for three days, hourly rhythm: each upload is archived, and all are loaded afterwards', async () => {
  const [known, unseen] = [await Ledger.open(bed), await Ledger.open(bed)];
  const statuses: (200 | 202)[] = [];
  await byTheHour(async (hour) => {
    if (hour > 0) everythingAway();
    statuses.push(await known.deliver(known.make(POINTS)));
    if (hour > 0) statuses.push(await unseen.deliver(unseen.make(POINTS)));
  });
  const [first, ...others] = statuses;
  expect(first).toBe(200);
  expect(others).toEqual(Array(2 * HOURS).fill(202));
  // Not one attempt was refused or broken.
  expect([known.repeated, unseen.repeated]).toEqual([0, 0]);
  // The isolate knew one of them until it was killed for the first time.
  expect(await held()).toHaveLength(HOURS + (HOURS - RESTART_HOURS + 1));

  bed.calm();
  await bed.scheduled(SWEEP);
  await nothingHeld();
  for (const ledger of [known, unseen]) {
    await ledger.settle();
    await ledger.expectWhole();
  }
  const [hours] = await bed.query(
    `select count(distinct date_trunc('hour', received_at)) as hours from ingestions where user_id = $1`,
    [unseen.person.id],
  );
  // Each was received when it came, not when it was taken in.
  expect(Number(hours?.hours)).toBeGreaterThanOrEqual(HOURS - 1);
});

it('the database away for three days, Redis there: whoever was seen before is taken, whatever the key', async () => {
  const tagged = await bed.newPerson();
  const former = await checksummed(tagged);
  const statuses = new Set<number>();
  await byTheHour(async (hour) => {
    if (hour > 0) bed.database.behave({ kind: 'shape', name: 'any' });
    for (const [i, person] of [tagged, former].entries()) {
      const body = payload(steps(...minutes(POINTS, `Watch ${hour}/${i}`)));
      const { status } = await bed.post(person, body);
      if (hour > 0) statuses.add(status);
    }
  });
  expect([...statuses]).toEqual([202]);
  // Their person is known, so nothing had to be held.
  expect(await held()).toEqual([]);
  bed.calm();
  const stored = async () => {
    const [row] = await bed.query(
      'select count(*) as n from series join samples on series_id = id where user_id = $1',
      [tagged.id],
    );
    return Number(row?.n);
  };
  await expect.poll(stored, { timeout: 120_000, interval: 500 }).toBe(2 * (HOURS + 1) * POINTS);
});

it('Redis away, the database there: nobody is refused, and each isolate hashes a key once', async () => {
  const ledger = await Ledger.open(bed);
  bed.redis.behave('down');
  for (let i = 0; i < 3; i++) {
    await bed.api.restart();
    for (let j = 0; j < 3; j++) expect(await ledger.deliver(ledger.make(POINTS))).toBe(200);
  }
  expect(ledger.repeated).toBe(0);
  bed.calm();
  await ledger.settle();
  await ledger.expectWhole();
});

it('nothing away: an hourly upload asks the database no more often than one a moment later', async () => {
  const person = await bed.newPerson();
  const trips: number[] = [];
  for (let hour = 0; hour < 24; hour += 6) {
    bed.setClock((hour - 24) * HOUR_MS);
    if (hour > 0) await bed.api.restart();
    for (let i = 0; i < 2; i++) {
      const from = bed.logs.length;
      await bed.post(person, payload(steps(...minutes(1, `Watch ${hour}/${i}`))));
      await expect
        .poll(() => bed.logs.slice(from).find((line) => line.includes('"message":"request"')))
        .toBeDefined();
      const line = bed.logs.slice(from).find((each) => each.includes('"message":"request"'));
      trips.push(JSON.parse(line ?? '{}').database_requests);
    }
  }
  const [first = 0, ...others] = trips;
  expect(others).toEqual(others.map(() => first - 1));
});

describe('a key that is revoked', () => {
  const body = (source: string) => payload(steps(...minutes(POINTS, source)));
  const sources = async (person: Person) =>
    (
      await bed.query('select distinct display_name as source from series where user_id = $1', [
        person.id,
      ])
    ).map(({ source }) => source);

  async function revoke(person: Person): Promise<void> {
    const [row] = await bed.query('select id from api_keys where lookup = $1', [lookupOf(person)]);
    const { status } = await bed.call(`/api/v1/keys/${row?.id}`, person.keys.admin, {
      method: 'DELETE',
    });
    expect(status).toBe(200);
  }

  it('before an outage of the database is refused in it, by what Redis knows', async () => {
    const person = await bed.newPerson();
    const former = await checksummed(person);
    for (const each of [person, former]) expect((await bed.post(each, body('a'))).status).toBe(200);
    for (const each of [person, former]) await revoke(each);
    bed.database.behave({ kind: 'down' });
    await bed.api.restart();
    const { status, body: answer } = await bed.post(person, body('b'));
    expect([status, answer.error]).toEqual([401, 'key_revoked']);
    expect((await bed.post(former, body('b'))).status).toBe(503);
    expect(await held()).toEqual([]);
  });

  it('before an outage of both has its upload set aside for good, on record', async () => {
    const person = await bed.newPerson();
    await revoke(person);
    everythingAway();
    await bed.api.restart();
    const { status, body: answer } = await bed.post(person, body('b'));
    expect(status).toBe(202);
    bed.calm();
    await bed.scheduled(SWEEP);
    await nothingHeld();
    const { objects } = await bed.cloud.bucket.list({ prefix: `rejected/${person.id}/` });
    expect(objects.map(({ key }) => key.split('/').at(-1))).toEqual([answer.data.id]);
    const audited = await bed.query('select action from audit_log where object = $1', [
      answer.data.id,
    ]);
    expect(audited).toEqual([{ action: 'upload_refused' }]);
    expect(await sources(person)).toEqual([]);
  });

  it('while the outage goes on: what came before is stored, what came after is not', async () => {
    const person = await bed.newPerson();
    everythingAway();
    await bed.api.restart();
    const before = await bed.post(person, body('before'));
    await bed.query('update api_keys set revoked_at = now() where lookup = $1', [lookupOf(person)]);
    const after = await bed.post(person, body('after'));
    expect([before.status, after.status]).toEqual([202, 202]);
    bed.calm();
    await bed.scheduled(SWEEP);
    await bed.closed(person, before.body.data.id);
    await nothingHeld();
    expect(await sources(person)).toEqual(['before']);
  });
});

it('a forged tag is refused without any store, in an outage, too', async () => {
  const person = await bed.newPerson();
  const tag = await tagKey(LOCAL_PEPPER, 'something else');
  everythingAway();
  const forged = withKey(person, person.keys.ing.slice(0, -9) + String(tag).slice(0, 9));
  const { status, body } = await bed.post(forged, payload(steps(...minutes(1))));
  expect([status, body.error]).toEqual([401, 'key_malformed']);
  expect(await held()).toEqual([]);
});
