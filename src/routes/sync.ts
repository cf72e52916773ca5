import type { Context } from 'hono';
import { v7 as uuidv7 } from 'uuid';
import { openDatabase } from '../database.ts';
import { readAutomation } from '../hae/context.ts';
import type { AppEnv } from '../http/context.ts';
import { success } from '../http/envelope.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import { chargeLater, isDeferred } from '../http/quota.ts';
import { BodyRefused } from '../ingest/body.ts';
import { dispatch, QueueUnreachable } from '../ingest/dispatch.ts';
import { PayloadRefused, type Received, receive } from '../ingest/receive.ts';
import { answerRepeat, IdempotencyKeyReused } from '../ingest/repeat.ts';
import type { Ingestion, Receipt } from '../model.ts';
import { StorageUnreachable } from '../store/raw.ts';

/** Where the app posts to. */
export const sync = operation({
  method: 'POST',
  path: '/api/v1/sync',
  summary: 'Takes a payload of Health Auto Export; answers with its receipt.',
  scope: 'ingest',
  quota: 'uploads',
  handler: async (c) => {
    try {
      return await takeUpload(c);
    } catch (error) {
      throw refusalOf(error);
    }
  },
});

async function takeUpload(c: Context<AppEnv>): Promise<Response> {
  const settings = c.get('settings');
  const identity = c.get('identity');
  const { headers, body } = c.req.raw;
  const declared = declaredLength(headers, settings.MAX_BODY_BYTES);
  const ingestion = openIngestion(c);

  const received = await receive(
    { ingestion, body, length: declared, gzip: isGzip(headers) },
    { bucket: c.env.RAW, maxBytes: settings.MAX_BODY_BYTES, sliceBytes: settings.SLICE_BYTES },
  );
  const charged = await chargeLater(settings, identity, headers, received.archived.bytes);

  const dependencies = {
    database: openDatabase(settings),
    bucket: c.env.RAW,
    queue: c.env.SLICES,
    windowHours: settings.IDEMPOTENCY_HOURS,
    deferSeconds: isDeferred(charged ?? c.get('quota')) ? settings.DEFER_SECONDS : null,
  };
  const earlier = await answerRepeat(ingestion, received, dependencies);
  if (earlier !== null) {
    return success(c, earlier, { headers: { 'Idempotency-Replayed': 'true' } });
  }
  return answer(c, await dispatch(ingestion, received, dependencies), received);
}

function openIngestion(c: Context<AppEnv>): Ingestion {
  const { userId, keyId, timeZone } = c.get('identity');
  const receivedAt = Date.now();
  return {
    id: uuidv7({ msecs: receivedAt }),
    userId,
    keyId,
    receivedAt,
    correlationId: c.get('correlationId'),
    timeZone,
    automation: readAutomation(c.req.raw.headers),
    idempotencyKey: idempotencyKey(c.req.raw.headers),
  };
}

/** 200 with the closed receipt; 202 for an upload that is archived and on its way. */
function answer(c: Context<AppEnv>, receipt: Receipt, { slices }: Received): Response {
  const closed = receipt.completed_at !== null;
  return success(c, receipt, {
    status: closed ? 200 : 202,
    message: closed
      ? 'Every item is stored, or named in the receipt.'
      : `The body is safe; ${slices.length} slices are being loaded.`,
    headers: { Location: `/api/v1/ingestions/${receipt.id}` },
  });
}

function declaredLength(headers: Headers, maxBytes: number): number | null {
  const length = headers.get('content-length');
  if (length === null) return null;
  if (Number(length) > maxBytes) {
    throw new BodyRefused('body_too_large', `Bodies may have ${maxBytes} bytes.`);
  }
  return Number(length);
}

function isGzip(headers: Headers): boolean {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding === 'gzip' || encoding === 'x-gzip') return true;
  if (encoding === '' || encoding === 'identity') return false;
  throw new HttpProblem('encoding_not_supported', {
    detail: 'Send the body as it is, or as gzip.',
  });
}

const MAX_IDEMPOTENCY_KEY = 255;

function idempotencyKey(headers: Headers): string | null {
  const key = headers.get('idempotency-key')?.trim();
  if (key === undefined || key === '') return null;
  if (key.length <= MAX_IDEMPOTENCY_KEY) return key;
  throw new HttpProblem('invalid_parameter', {
    errors: [
      {
        pointer: 'Idempotency-Key',
        code: 'too_big',
        message: `At most ${MAX_IDEMPOTENCY_KEY} characters.`,
      },
    ],
  });
}

/** What the way in says when it ends early, as the client hears it. */
function refusalOf(error: unknown): unknown {
  if (error instanceof BodyRefused) return new HttpProblem(error.code, { detail: error.message });
  if (error instanceof PayloadRefused) {
    const { code, message, offset } = error;
    return new HttpProblem(code, {
      detail: message,
      errors: [{ pointer: '', code, message: `byte ${offset}` }],
    });
  }
  if (error instanceof StorageUnreachable) return new HttpProblem('storage_unavailable');
  if (error instanceof QueueUnreachable) return new HttpProblem('queue_unavailable');
  if (error instanceof IdempotencyKeyReused) {
    const detail =
      'An Idempotency-Key stands for one body. Send a new one, or leave the header out.';
    return new HttpProblem('idempotency_key_reused', { detail });
  }
  return error;
}
