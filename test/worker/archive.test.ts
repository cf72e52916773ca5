import { env } from 'cloudflare:workers';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { eraseObjects } from '../../src/erase/objects.ts';
import { type ArchivePosition, listHour } from '../../src/store/list-raw.ts';
import { HOUR_MS, hourOf, rawKeyOf } from '../../src/store/raw-keys.ts';

const bucket = env.RAW;
const AT = Date.parse('2026-03-01T22:30:00Z');

/** Bodies of people who each have some in an hour. */
async function fill(people: readonly string[], uploads: number, at: number): Promise<string[]> {
  const keys = people.flatMap((person) =>
    Array.from({ length: uploads }, () => rawKeyOf(person, at, uuidv7({ msecs: at }))),
  );
  for (const key of keys) await bucket.put(key, '{}', { customMetadata: { upload: 'x' } });
  return keys;
}

const everything = async (): Promise<string[]> => {
  const keys: string[] = [];
  for (let after = ''; ; ) {
    const { objects, truncated } = await bucket.list({ startAfter: after });
    keys.push(...objects.map(({ key }) => key));
    if (!truncated) return keys;
    after = keys.at(-1) ?? '';
  }
};

describe('a walk through the hours', () => {
  it('lists each raw object once, a thousand a request, and no request for a person', async () => {
    const people = Array.from({ length: 60 }, () => crypto.randomUUID());
    const keys = [
      ...(await fill(people, 17, AT)),
      ...(await fill(people, 1, AT + HOUR_MS)),
      ...(await fill(people, 1, AT + 2 * HOUR_MS)),
    ];
    await bucket.put('raw/2026-03-01T22/by-hand', 'not ours');

    const found: string[] = [];
    let listings = 0;
    let next: ArchivePosition | null = { hour: hourOf(AT), after: null };
    while (next !== null) {
      const to = hourOf(AT + 2 * HOUR_MS);
      const page = await listHour(bucket, { userId: null, to }, next);
      found.push(...page.objects.map(({ key }) => key));
      next = page.next;
      listings++;
    }
    expect(found.toSorted()).toEqual(keys.toSorted());
    expect(new Set(found).size).toBe(found.length);
    // 1,021 in the first hour, 60 in each of the others.
    expect(listings).toBe(4);
  });
});

describe('an erasure', () => {
  it('finds bodies of both layouts, step by step, and leaves those of others', async () => {
    const [ada, bob] = [crypto.randomUUID(), crypto.randomUUID()];
    await fill([ada], 160, AT);
    await fill([ada], 1, AT + 40 * HOUR_MS);
    await bucket.put(`raw/${ada}/2025-03-01/${uuidv7()}`, '{}');
    await bucket.put(`rejected/${ada}/2025-03-01/${uuidv7()}`, '{}');
    const others = await fill([bob], 2, AT);

    const to = hourOf(AT + 40 * HOUR_MS);
    let steps = 0;
    let raw = 0;
    for (let from: string | null = hourOf(AT - HOUR_MS); from !== null; steps++) {
      // Prefixes of the person take four listings, hours come six at a time.
      const budget = { endsAt: Date.now() + 60_000, listings: 10 };
      const { objects, next } = await eraseObjects(bucket, ada, { hours: { from, to }, budget });
      raw += objects.raw ?? 0;
      from = next;
    }
    expect([raw, steps]).toEqual([162, 8]);
    const left = await everything();
    expect(left.filter((key) => key.includes(ada))).toEqual([]);
    expect(left).toEqual(expect.arrayContaining(others));
  });
});
