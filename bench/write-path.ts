import pMap from 'p-map';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { type Database, openDatabase, type Statement } from '../src/database.ts';
import { storeSlice } from '../src/store/load.ts';
import type { Bed } from './bed.ts';
import type { Report } from './report.ts';
import { copy, copyText, type DecodedBody } from './rows.ts';
import { median, range, ratios } from './statistics.ts';

/** As many at once as the consumer has under way. */
const CONCURRENCY = 4;

/** Straight to Postgres, statement by statement: what the SQL itself costs. */
function directDatabase(client: pg.Client): Pick<Database, 'transaction'> {
  return {
    transaction: async (statements: readonly Statement[]) => {
      await client.query('begin');
      const results: Record<string, unknown>[][] = [];
      for (const { text, params } of statements) {
        results.push((await client.query(text, [...params])).rows);
      }
      await client.query('commit');
      return results;
    },
  };
}

/** `storeSlice` on decoded slices. @returns milliseconds */
async function load(
  bed: Bed,
  database: Pick<Database, 'transaction'>,
  { slices, decoded }: DecodedBody,
  concurrency: number,
): Promise<number> {
  const receivedAt = Date.now();
  const ingestion = {
    id: uuidv7({ msecs: receivedAt }),
    userId: bed.userId,
    keyId: bed.keyId,
    receivedAt,
    correlationId: 'bench',
    traceparent: null,
    timeZone: 'UTC',
    automation: { name: null, id: null, aggregation: null, period: null, sessionId: null },
    saidAt: receivedAt,
    replayOf: null,
    idempotencyKey: null,
  };
  const archived = { rawKey: 'raw/bench', bytes: 0, sha256: ingestion.id, cut: '' };
  const started = performance.now();
  await pMap(
    decoded,
    (each, slice) =>
      storeSlice(database as Database, {
        ingestion,
        archived,
        slicesTotal: slices.length,
        slice,
        decoded: each,
      }),
    { concurrency },
  );
  return performance.now() - started;
}

/** @param scattered the same rows, each slice's spread over all three years. */
export async function measureWritePath(
  bed: Bed,
  { body, scattered }: { body: DecodedBody; scattered: DecodedBody },
  report: Report,
  rounds: number,
): Promise<void> {
  const text = copyText(body);
  const neon = openDatabase({
    DATABASE_URL: 'postgres://local:local@db.local/local',
    NEON_ENDPOINT: bed.stack.neonEndpoint,
    ENVIRONMENT: 'local',
  });
  const direct = directDatabase(bed.client);
  const times = {
    copy: [] as number[],
    direct: [] as number[],
    again: [] as number[],
    scattered: [] as number[],
    neon: [] as number[],
  };
  // The first load makes the partitions, and warms everything up.
  await load(bed, direct, body, 1);
  for (let round = 0; round < rounds; round++) {
    await bed.empty();
    times.copy.push(await copy(bed.client, text));
    await bed.empty();
    times.direct.push(await load(bed, direct, body, 1));
    times.again.push(await load(bed, direct, body, 1));
    times.scattered.push(await load(bed, direct, scattered, 1));
    await bed.empty();
    times.neon.push(await load(bed, neon, body, CONCURRENCY));
  }
  const common = { rows: body.rows, copies: times.copy, reach: 0.4 };
  report.addShareOfCopy({
    what: 'write path, one slice after the other, straight to Postgres',
    times: times.direct,
    ...common,
  });
  report.addShareOfCopy({
    what: `write path, ${CONCURRENCY} slices at once, through Neon's protocol`,
    times: times.neon,
    ...common,
  });
  for (const [how, again] of [
    ['the same slices again', times.again],
    ['the same rows again, points in another order', times.scattered],
  ] as const) {
    const speeds = ratios(times.direct, again);
    report.add(
      `write path, ${how}, straight to Postgres`,
      `${median(speeds).toFixed(2)} × the first load${range(speeds)} (${(body.rows / median(again)).toFixed(0)} k rows/s)`,
      '≥ 1.5 ×',
      median(speeds) >= 1.5,
    );
  }
}
