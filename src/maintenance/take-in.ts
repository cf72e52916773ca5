import pMap from 'p-map';
import { FilesRefused } from '../files/open.ts';
import { BodyRefused } from '../ingest/body.ts';
import { readHeld } from '../ingest/description.ts';
import { dispatch } from '../ingest/dispatch.ts';
import { faultOf } from '../ingest/faults.ts';
import { PayloadRefused, receive } from '../ingest/receive.ts';
import { sameSeal } from '../keys/seal.ts';
import { log } from '../log.ts';
import type { HeldUpload, Ingestion } from '../model.ts';
import { audit } from '../store/audit.ts';
import { selectWithoutReceipt } from '../store/find-open.ts';
import {
  type KeyOwner,
  type ListedHeld,
  listHeld,
  selectKeyOwners,
  toKeyOwner,
} from '../store/held.ts';
import { removeObjects } from '../store/objects.ts';
import { ensurePartitions } from '../store/partitions.ts';
import { moveRaw, openStored } from '../store/raw.ts';
import { rawKeyOf, rejectedKeyOf } from '../store/raw-keys.ts';
import { failReceipt, openReceipt, receiptPartitions } from '../store/receipts.ts';
import { requirePerson } from '../store/require-person.ts';
import { countFindings } from './count.ts';
import type { MaintenanceDependencies } from './dependencies.ts';

/** What became of uploads whose person could not be looked up when they came. */
export interface TakenIn {
  /** Those that have their receipt, and whose slices were sent. */
  taken: number;
  /** Those that are no payload: their receipts have failed. */
  failed: number;
  /** Those whose key had been revoked or had expired when they came. */
  refused: number;
  /** Those of people who were erased, and those whose key is not there after a week. */
  deleted: number;
  /** Those that could not be taken in now. */
  left: number;
}

const CONCURRENCY = 4;
/** Files are held whole, twice over while they are opened, and an isolate has 128 MB: large bodies are taken one by one. */
const LARGE_BYTES = 512 * 1024;

/** Asks the archive alone: a database that sleeps is left asleep. @throws StorageUnreachable */
export async function isAnyHeld(bucket: R2Bucket): Promise<boolean> {
  const { page } = await listHeld(bucket, null);
  return page.length > 0;
}

/**
 * Takes in what was held: looks up the keys, and receives the bodies as if they came now, under the ids and times that
 * they were answered with. Can be done twice: a second time finds receipts and slices that are there.
 * @param max uploads at some eight requests each; all of the page that has the last of them are taken in
 * @returns the key to go on after; `null`: that was all
 * @throws DatabaseUnreachable, StorageUnreachable
 */
export async function takeInHeld(
  { after, max }: { after: string | null; max: number },
  dependencies: MaintenanceDependencies,
): Promise<{ found: TakenIn; next: string | null }> {
  const found: TakenIn = { taken: 0, failed: 0, refused: 0, deleted: 0, left: 0 };
  let last = after;
  for (let uploads = 0; uploads < max; ) {
    const { page, next } = await listHeld(dependencies.bucket, last);
    if (page.length > 0) {
      for (const outcome of await takeInPage(page, dependencies)) found[outcome]++;
    }
    uploads += page.length;
    last = next;
    if (next === null) break;
  }
  countFindings({ held_taken_in: found.taken, held_refused: found.refused });
  return { found, next: last };
}

type Outcome = keyof TakenIn;

async function takeInPage(
  page: readonly ListedHeld[],
  dependencies: MaintenanceDependencies,
): Promise<Outcome[]> {
  const { database, bucket } = dependencies;
  const uploads = page.map(({ key, bytes, description }) => {
    return { key, bytes, held: readHeld(description) };
  });
  const lookups = uploads.flatMap(({ held }) => held?.lookup ?? []);
  const rows = await database.query(selectKeyOwners([...new Set(lookups)]));
  const owners = new Map(rows.map(toKeyOwner).map((owner) => [owner.lookup, owner]));

  const end = async ({ key, held }: Pick<HeldObject, 'key' | 'held'>) => {
    const owner = owners.get(held?.lookup ?? '') ?? null;
    return { key, held, owner, outcome: await settle({ key, held, owner }, dependencies) };
  };
  const { small = [], large = [] } = Object.groupBy(uploads, ({ bytes }) =>
    bytes > LARGE_BYTES ? 'large' : 'small',
  );
  const ended = await pMap(small, end, { concurrency: CONCURRENCY });
  for (const upload of large) ended.push(await end(upload));
  const unfinished = await withoutReceipt(ended, dependencies);
  const outcomes = ended.map(({ key, outcome }) => ({
    key,
    outcome: unfinished.has(key) ? ('left' as const) : outcome,
  }));
  const done = outcomes.filter(({ outcome }) => outcome !== 'left').map(({ key }) => key);
  if (done.length > 0) await removeObjects(bucket, done);
  return outcomes.map(({ outcome }) => outcome);
}

/** The receipt is what a held body gives way to: without it, nothing would ask for the upload any more. */
async function withoutReceipt(
  ended: readonly (HeldObject & { outcome: Outcome })[],
  { database }: MaintenanceDependencies,
): Promise<Set<string>> {
  const taken = ended.flatMap(({ key, held, owner, outcome }) =>
    held === null || owner === null || outcome !== 'taken'
      ? []
      : [{ key, id: held.id, userId: owner.userId, receivedAt: held.receivedAt }],
  );
  if (taken.length === 0) return new Set();
  const missing = new Set((await database.query(selectWithoutReceipt(taken))).map(({ id }) => id));
  return new Set(taken.filter(({ id }) => missing.has(id)).map(({ key }) => key));
}

interface HeldObject {
  key: string;
  held: HeldUpload | null;
  owner: KeyOwner | null;
}

/** The key of a person who is being erased is gone at the end; an unknown one may come back with a restored database. */
const MAX_UNKNOWN_MS = 7 * 86_400_000;

async function settle(
  { key, held, owner }: HeldObject,
  dependencies: MaintenanceDependencies,
): Promise<Outcome> {
  if (held === null) return 'left';
  if (owner === null) return Date.now() > held.receivedAt + MAX_UNKNOWN_MS ? 'deleted' : 'left';
  if (owner.isErasing) return 'deleted';
  try {
    const reason = refusalOf(held, owner);
    if (reason !== null) return await refuse({ key, held, owner }, reason, dependencies);
    return await take({ key, held, owner }, dependencies);
  } catch (error) {
    log('warn', 'held upload not taken in', { ingestion_id: held.id, fault: faultOf(error) });
    return 'left';
  }
}

/** The tag let it in; the seal says that it was the whole key. */
function refusalOf({ seal, receivedAt }: HeldUpload, owner: KeyOwner): string | null {
  if (owner.seal === null || !sameSeal(owner.seal, seal)) return 'key_invalid';
  if (owner.revokedAt !== null && owner.revokedAt <= receivedAt) return 'key_revoked';
  if (owner.expiresAt !== null && owner.expiresAt <= receivedAt) return 'key_expired';
  return null;
}

interface OwnedUpload {
  key: string;
  held: HeldUpload;
  owner: KeyOwner;
}

const ingestionOf = ({ held, owner }: OwnedUpload): Ingestion => ({
  id: held.id,
  userId: owner.userId,
  keyId: owner.keyId,
  receivedAt: held.receivedAt,
  saidAt: held.saidAt,
  replayOf: held.replayOf,
  correlationId: held.correlationId,
  traceparent: held.traceparent,
  timeZone: owner.timeZone,
  automation: held.automation,
  idempotencyKey: held.idempotencyKey,
});

async function refuse(
  upload: OwnedUpload,
  reason: string,
  { bucket, database }: MaintenanceDependencies,
): Promise<'refused'> {
  const { id, receivedAt, correlationId, userId, keyId } = ingestionOf(upload);
  const actor = { keyId, userId, correlationId };
  const entry = {
    action: 'upload_refused',
    personId: userId,
    object: id,
    details: { reason },
  } as const;
  await database.transaction(audit(actor, entry, Date.now()));
  await moveRaw(bucket, upload.key, rejectedKeyOf(rawKeyOf(userId, receivedAt, id)));
  return 'refused';
}

async function take(
  upload: OwnedUpload,
  dependencies: MaintenanceDependencies,
): Promise<'taken' | 'failed'> {
  const { bucket } = dependencies;
  const { gzip, contentType } = upload.held;
  const ingestion = ingestionOf(upload);
  const { pieces } = await openStored(bucket, upload.key);
  try {
    const received = await receive(
      { ingestion, body: streamOf(pieces), gzip, contentType },
      dependencies,
    );
    // Through the queue, even if it is small: there may be days of them.
    await dispatch(ingestion, { ...received, body: null }, { ...dependencies, deferSeconds: null });
    return 'taken';
  } catch (error) {
    if (!isNoPayload(error)) throw error;
    return await fail(upload, dependencies);
  }
}

/** As a request has its body. */
function streamOf(pieces: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const { readable, writable } = new IdentityTransformStream();
  const writer = writable.getWriter();
  const written = (async () => {
    for await (const piece of pieces) await writer.write(piece);
    await writer.close();
  })();
  // Whoever reads hears of it.
  written.catch((fault) => writer.abort(fault).catch(() => {}));
  return readable;
}

const isNoPayload = (error: unknown): boolean =>
  error instanceof PayloadRefused || error instanceof FilesRefused || error instanceof BodyRefused;

/** It was answered with a receipt, which says what is wrong. */
async function fail(
  upload: OwnedUpload,
  { bucket, database }: MaintenanceDependencies,
): Promise<'failed'> {
  const ingestion = ingestionOf(upload);
  const { userId, receivedAt, id } = ingestion;
  const rawKey = rejectedKeyOf(rawKeyOf(userId, receivedAt, id));
  let bytes = 0;
  for await (const piece of (await openStored(bucket, upload.key)).pieces) bytes += piece.length;
  const archived = { rawKey, bytes, sha256: '', cut: '' };
  await database.transaction([
    requirePerson(userId),
    ensurePartitions(receiptPartitions(ingestion)),
    openReceipt({ ingestion, archived, slicesTotal: 0 }, 'queued'),
    failReceipt(ingestion, 'not_a_payload'),
  ]);
  // Last: what is not under `held/` any more is not looked at again.
  await moveRaw(bucket, upload.key, rawKey);
  return 'failed';
}
