import type { Context } from 'hono';
import type { AppEnv } from '../http/context.ts';
import { hold } from '../ingest/hold.ts';
import type { GenuineKey } from '../keys/verify.ts';
import type { Receipt } from '../model.ts';
import { receiptOnItsWay } from '../store/find-receipts.ts';
import { account, arrivalOf } from './upload.ts';
import { isGzip, refuseDeclaredLength } from './upload-headers.ts';

/**
 * Takes an upload whose key is genuine, but whose person cannot be looked up: the database is away, and no memory knows
 * the key. No quota counts it, since quotas belong to the row of the key.
 * @throws HttpProblem, BodyRefused, StorageUnreachable
 */
export async function holdUpload(
  c: Context<AppEnv>,
  { lookup, seal }: GenuineKey,
): Promise<Receipt> {
  const { MAX_BODY_BYTES } = c.get('settings');
  const { headers, body } = c.req.raw;
  const held = {
    ...arrivalOf(c),
    lookup,
    seal,
    gzip: isGzip(headers),
    contentType: headers.get('content-type'),
  };
  refuseDeclaredLength(headers, MAX_BODY_BYTES);
  const archived = await hold(held, body, {
    bucket: c.env.RAW,
    maxBytes: MAX_BODY_BYTES,
  });
  // In how many slices it will be loaded is not known yet.
  const receipt = receiptOnItsWay(held, archived, 0, 'queued');
  account(c, receipt);
  return receipt;
}
