import { env } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { MEMBER_BYTES, storedRange } from '../../../src/store/members.ts';
import {
  BodyGone,
  openRaw,
  openStored,
  putOriginal,
  putRaw,
  readEnds,
  readRaw,
  StorageUnreachable,
} from '../../../src/store/raw.ts';

/** Bodies in the archive: packed in members, and read again in any part. */

const { RAW } = env as unknown as { RAW: R2Bucket };

/** Text that packs, and no two parts of it alike. */
const textOf = (bytes: number): Uint8Array => {
  let text = '';
  for (let i = 0; text.length < bytes; i++) text += `{"qty":${i},"date":"2026-03-02"},`;
  return new TextEncoder().encode(text.slice(0, bytes));
};

const noiseOf = (bytes: number): Uint8Array => {
  const noise = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += 65_536) {
    crypto.getRandomValues(noise.subarray(at, Math.min(bytes, at + 65_536)));
  }
  return noise;
};

async function readAll(key: string) {
  const stored = await openStored(RAW, key);
  const pieces: Uint8Array[] = [];
  for await (const piece of stored.pieces) pieces.push(piece.slice());
  const body = new Uint8Array(await new Blob(pieces).arrayBuffer());
  return { body, ends: stored.ends };
}

/** Whether bytes are the same; a matcher would print megabytes. */
const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

describe.each([
  ['an empty body', textOf(0)],
  ['a small one', textOf(1_000)],
  ['one that fills a member', textOf(MEMBER_BYTES)],
  ['one of a byte more', textOf(MEMBER_BYTES + 1)],
  ['one of several members', textOf(3 * MEMBER_BYTES + 7)],
  ['one that does not pack, and goes up in parts', noiseOf(6 * 1024 * 1024)],
])('%s', (name, body) => {
  const key = `raw/test/${name}`;

  it('comes out as it went in, whole and in each part', async () => {
    const ends = await putRaw(RAW, key, body, { upload: 'x' });
    const all = await readAll(key);
    expect(isSame(all.body, body)).toBe(true);
    expect(all.ends).toEqual(ends);
    expect(await readEnds(RAW, key)).toEqual(ends);
    const size = body.length;
    for (const [start, end] of [
      [0, size],
      [0, Math.min(size, 10)],
      [size >> 1, size],
      [Math.max(0, size - 1), size],
      [Math.min(size, MEMBER_BYTES - 5), Math.min(size, MEMBER_BYTES + 5)],
      [Math.min(size, MEMBER_BYTES), Math.min(size, 2 * MEMBER_BYTES)],
    ] as const) {
      if (start === end) continue;
      const range = { start, end, stored: storedRange(ends ?? [], { start, end }) };
      expect(isSame(await readRaw(RAW, key, range), body.subarray(start, end))).toBe(true);
    }
  });
});

it('a body is the same object, in whatever pieces it comes', async () => {
  const body = textOf(700_000);
  await putRaw(RAW, 'raw/test/at once', body);
  const writer = openRaw(RAW, 'raw/test/in pieces', {});
  for (let at = 0; at < body.length; at += 1_237) await writer.write(body.subarray(at, at + 1_237));
  await writer.close();
  const [once, pieces] = await Promise.all([
    RAW.get('raw/test/at once'),
    RAW.get('raw/test/in pieces'),
  ]);
  expect(await pieces?.text()).toBe(await once?.text());
});

it('minutes pack eight times and more, and a part of them is read without the rest', async () => {
  const points = Array.from({ length: 12_000 }, (_, i) => {
    const minute = new Date(Date.UTC(2026, 2, 1) + i * 60_000).toISOString();
    const bpm = 60 + ((i * i) % 97) / 4;
    return `{"Min":${bpm},"Avg":${bpm + 1},"Max":${bpm + 3},"date":"${minute.slice(0, 10)} ${minute.slice(11, 19)} +0000","source":"Watch"}`;
  });
  const body = new TextEncoder().encode(
    `{"data":{"metrics":[{"name":"heart_rate","data":[${points}]}]}}`,
  );
  const ends = (await putRaw(RAW, 'raw/test/minutes', body)) ?? [];
  const object = await RAW.head('raw/test/minutes');
  expect(body.length / (object?.size ?? body.length)).toBeGreaterThan(8);
  const { start, end } = storedRange(ends, { start: 600_000, end: 700_000 });
  expect(end - start).toBeLessThan((object?.size ?? 0) / 2);
});

it('a body of a former release is read as it came', async () => {
  const body = textOf(100_000);
  await RAW.put('raw/test/former', body, { customMetadata: { upload: 'x' } });
  const all = await readAll('raw/test/former');
  expect(isSame(all.body, body)).toBe(true);
  expect([all.ends, await readEnds(RAW, 'raw/test/former')]).toEqual([null, null]);
  const range = { start: 10, end: 20, stored: null };
  expect(isSame(await readRaw(RAW, 'raw/test/former', range), body.subarray(10, 20))).toBe(true);
});

it('files that came packed are kept as they came', async () => {
  await putOriginal(RAW, 'original/test/zip', noiseOf(1_000));
  expect((await RAW.head('original/test/zip'))?.size).toBe(1_000);
});

it('what is not there is gone, and what is damaged is not read', async () => {
  await expect(openStored(RAW, 'raw/test/none')).rejects.toThrow(BodyGone);
  await expect(readEnds(RAW, 'raw/test/none')).rejects.toThrow(BodyGone);
  const body = textOf(400_000);
  const ends = (await putRaw(RAW, 'raw/test/damaged', body)) ?? [];
  const object = await RAW.get('raw/test/damaged');
  const bytes = new Uint8Array((await object?.arrayBuffer()) ?? []);
  bytes[200] = (bytes[200] ?? 0) ^ 0xff;
  await RAW.put('raw/test/damaged', bytes, { customMetadata: object?.customMetadata ?? {} });
  await expect(readAll('raw/test/damaged')).rejects.toThrow(StorageUnreachable);
  const range = { start: 0, end: 9, stored: storedRange(ends, { start: 0, end: 9 }) };
  await expect(readRaw(RAW, 'raw/test/damaged', range)).rejects.toThrow(StorageUnreachable);
  await RAW.put('raw/test/damaged', bytes.slice(0, -9), {
    customMetadata: object?.customMetadata ?? {},
  });
  await expect(readEnds(RAW, 'raw/test/damaged')).rejects.toThrow(StorageUnreachable);
});
