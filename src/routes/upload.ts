import type { Context } from 'hono';
import { v7 as uuidv7 } from 'uuid';
import { readAutomation } from '../hae/context.ts';
import { isDeferred } from '../http/allowance.ts';
import type { AppEnv } from '../http/context.ts';
import { success } from '../http/envelope.ts';
import { chargeUnpacked } from '../http/quota.ts';
import { dispatch } from '../ingest/dispatch.ts';
import type { Lanes } from '../ingest/lanes.ts';
import { receive } from '../ingest/receive.ts';
import { answerRepeat } from '../ingest/repeat.ts';
import { markOpen } from '../maintenance/open-mark.ts';
import type { Arrival, Ingestion, Receipt } from '../model.ts';
import { isolateMeter } from '../telemetry/isolate-meter.ts';
import { writeTraceparent } from '../telemetry/trace.ts';
import { countItems } from '../telemetry/watch-slice.ts';
import { idempotencyKey, isGzip, refuseDeclaredLength } from './upload-headers.ts';

/** What the routes that take a payload have in common. */

/** How an upload may be refused that is to be kept, besides what its body brings with it. */
export const UPLOAD_PROBLEMS = ['idempotency_key_reused', 'storage_unavailable'] as const;

export interface Taken {
  receipt: Receipt;
  slices: number;
  /** The same body had come before, and this is its receipt. */
  isRepeat: boolean;
}

/**
 * Takes the body of a request on its way into the database. A phone that hangs up cancels all that a request awaits, but
 * not what it was told to wait for: a body that has come whole is archived, and loaded or sent, for as long as 30 s.
 * @throws HttpProblem
 */
export function takeUpload(c: Context<AppEnv>): Promise<Taken> {
  const taken = take(c);
  c.executionCtx.waitUntil(taken.catch(() => {}));
  return taken;
}

async function take(c: Context<AppEnv>): Promise<Taken> {
  const settings = c.get('settings');
  const { headers, body } = c.req.raw;
  const ingestion = openIngestion(c);
  refuseDeclaredLength(headers, settings.MAX_BODY_BYTES);
  const received = await receive(
    {
      ingestion,
      body,
      gzip: isGzip(headers),
      contentType: headers.get('content-type'),
    },
    {
      bucket: c.env.RAW,
      maxBytes: settings.MAX_BODY_BYTES,
      maxFilesBytes: settings.MAX_FILES_BYTES,
      sliceBytes: settings.SLICE_BYTES,
    },
  );
  const { bytes } = received.archived;
  const dependencies = {
    database: c.get('database'),
    bucket: c.env.RAW,
    lanes: lanesOf(c),
    windowHours: settings.IDEMPOTENCY_HOURS,
  };
  const slices = received.slices.length;
  // At the same time: after the archive, a small upload waits for nothing else but its load.
  const [quota, earlier] = await Promise.all([
    chargeUnpacked(c, bytes),
    answerRepeat(ingestion, received, dependencies),
  ]);
  if (earlier !== null) return { receipt: earlier, slices, isRepeat: true };
  const deferSeconds = isDeferred(quota) ? settings.DEFER_SECONDS : null;
  if (deferSeconds !== null) isolateMeter.count('quota_total', { outcome: 'deferred' });
  const receipt = await dispatch(ingestion, received, { ...dependencies, deferSeconds });
  account(c, receipt);
  return { receipt, slices, isRepeat: false };
}

export const lanesOf = (c: Context<AppEnv>): Lanes => ({
  live: c.env.SLICES,
  backfill: c.env.BACKFILL,
});

/** What the line of log, the counters and the sweeper are to know of an upload. */
export function account(c: Context<AppEnv>, receipt: Receipt): void {
  const { bytes, totals, metrics, completed_at } = receipt;
  c.set('records', totals.received);
  isolateMeter.count('upload_bytes_total', {}, bytes);
  countItems(metrics);
  if (completed_at === null) {
    c.executionCtx.waitUntil(markOpen(c.get('redis')()));
  }
}

/** 200 with the closed receipt; 202 for an upload that is archived and on its way. */
export function answerUpload(c: Context<AppEnv>, receipt: Receipt, slices: number): Response {
  const closed = receipt.completed_at !== null;
  return success(c, receipt, {
    status: closed ? 200 : 202,
    message: closed
      ? 'Every item is stored, or named in the receipt.'
      : `The body is safe; ${slices} slices are being loaded.`,
    headers: { Location: `/api/v1/ingestions/${receipt.id}` },
  });
}

/** The upload that a request is, before anything of its body is known. @throws HttpProblem */
export function openIngestion(c: Context<AppEnv>): Ingestion {
  const { userId, keyId, timeZone } = c.get('identity');
  return { ...arrivalOf(c), userId, keyId, timeZone };
}

/** @throws HttpProblem */
export function arrivalOf(c: Context<AppEnv>): Arrival {
  const receivedAt = Date.now();
  return {
    id: uuidv7({ msecs: receivedAt }),
    receivedAt,
    saidAt: receivedAt,
    replayOf: null,
    correlationId: c.get('correlationId'),
    traceparent: writeTraceparent(c.get('trace').context),
    automation: readAutomation(c.req.raw.headers),
    idempotencyKey: idempotencyKey(c.req.raw.headers),
  };
}
