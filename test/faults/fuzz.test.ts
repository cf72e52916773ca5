import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bed, startBed } from './bed/bed.ts';
import { seeded } from './bed/random.ts';
import { decodeAll } from './fuzz/decode-all.ts';
import { mutate } from './fuzz/mutate.ts';

/** Bodies that nobody would send on purpose. Each is made of its number alone, so that it can be made again. */

const BODIES = Number(process.env.FUZZ_BODIES ?? 200_000);
const THROUGH_THE_DOOR = 1_500;
const SEED = Number(process.env.FUZZ_SEED ?? 1);

const folder = join(import.meta.dirname, '../corpus');
/** Those in which a change is likely to hit something. */
const MAX_BYTES = 6_000;
const CORPUS = globSync('*.json', { cwd: folder })
  .filter((file) => !file.endsWith('.expected.json'))
  .sort()
  .map((file) => readFileSync(join(folder, file), 'utf8'))
  .filter((text) => text.length <= MAX_BYTES)
  .map((text) => JSON.parse(text) as unknown);

function bodyOf(number: number): { body: Uint8Array; sliceBytes: number; pieceBytes: number } {
  const random = seeded(SEED * 1_000_003 + number);
  const body = mutate(CORPUS[number % CORPUS.length], random);
  return {
    body,
    sliceBytes: 32 + Math.floor(random() * 4_000),
    pieceBytes: 1 + Math.floor(random() * 8_000),
  };
}

describe('splitter and decoder', () => {
  it(`take ${BODIES.toLocaleString('en')} odd bodies: none crashes them, and every item is accounted for`, () => {
    expect(CORPUS.length).toBeGreaterThan(15);
    const seen = { json: 0, broken: 0, items: 0 };
    for (let number = 0; number < BODIES; number++) {
      const { body, sliceBytes, pieceBytes } = bodyOf(number);
      let items: number | null;
      try {
        items = decodeAll(body, sliceBytes, pieceBytes);
      } catch (cause) {
        throw new Error(`Body ${number} of seed ${SEED}, in slices of ${sliceBytes}`, { cause });
      }
      if (items === null) seen.broken++;
      else seen.json++;
      seen.items += items ?? 0;
    }
    console.log('fuzz', seen);
    expect(Math.min(seen.json, seen.broken)).toBeGreaterThan(BODIES / 10);
  });
});

describe('the server', () => {
  let bed: Bed;
  beforeAll(async () => {
    bed = await startBed({ seed: SEED, vars: { SLICE_BYTES: '700' } });
  });
  afterAll(() => bed?.stop());

  it(`answers ${THROUGH_THE_DOOR} of them without a 5xx, and every receipt closes`, async () => {
    const person = await bed.newPerson();
    const statuses = new Map<number, number>();
    let next = 0;
    const client = async () => {
      while (next < THROUGH_THE_DOOR) {
        const number = next++;
        const { body } = bodyOf(number * 131);
        const { status } = await bed.post(person, Buffer.from(body));
        expect(status < 500, `body ${number * 131} of seed ${SEED}: ${status}`).toBe(true);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all([client(), client(), client(), client()]);
    await bed.broker.idle();
    const [row] = await bed.query(
      `select count(*) filter (where completed_at is null) as open,
         count(*) filter (where status = 'failed') as failed, count(*) as all
       from ingestions where user_id = $1`,
      [person.id],
    );
    console.log('fuzz over the wire', Object.fromEntries(statuses), row);
    expect(row).toMatchObject({ open: '0', failed: '0' });
    expect([...statuses.keys()].every((status) => [200, 202, 400].includes(status))).toBe(true);
  });
});
