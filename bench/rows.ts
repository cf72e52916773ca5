import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Cutter } from '../src/hae/cut.ts';
import { decode } from '../src/hae/decode.ts';
import type { Decoded, Slice } from '../src/model.ts';

/** The samples of a body, decoded beforehand, and the fastest way Postgres knows to take them. */

const SLICE_BYTES = 524_288;

export interface DecodedBody {
  slices: Slice[];
  decoded: Decoded[];
  rows: number;
}

export function decodeBody(body: Uint8Array): DecodedBody {
  const cutter = new Cutter({ sliceBytes: SLICE_BYTES });
  cutter.push(body);
  const { slices, items } = cutter.end();
  const context = {
    receivedAt: Date.now(),
    timeZone: 'UTC',
    grouping: 'minutes' as const,
    partialBuckets: false,
  };
  const decoded = slices.map((slice) =>
    decode(body.subarray(slice.start, slice.end), slice, context),
  );
  return { slices, decoded, rows: items };
}

/** Text for COPY, made beforehand: what is timed is Postgres. */
export function copyText({ decoded }: DecodedBody): Buffer[] {
  const ids = new Map<string, number>();
  const receivedAt = new Date().toISOString();
  const iso = (at: number | null) => (at === null ? '\\N' : new Date(at).toISOString());
  return decoded.map(({ samples }) => {
    const lines = samples.flatMap(({ series, rows }) => {
      const identity = `${series.metric} ${series.source}`;
      const id = ids.get(identity) ?? ids.size + 1;
      ids.set(identity, id);
      return rows.map(({ recordedAt, value, min, max, endedAt }) =>
        [id, iso(recordedAt), receivedAt, value, min ?? '\\N', max ?? '\\N', iso(endedAt)].join(
          '\t',
        ),
      );
    });
    return Buffer.from(lines.map((line) => `${line}\n`).join(''));
  });
}

/** @returns milliseconds */
export async function copy(client: pg.Client, text: readonly Buffer[]): Promise<number> {
  const started = performance.now();
  await client.query('begin');
  const stream = client.query(
    copyFrom(
      'copy samples (series_id, recorded_at, received_at, value, min, max, ended_at) from stdin',
    ),
  );
  await pipeline(Readable.from(text), stream);
  await client.query('commit');
  return performance.now() - started;
}
