import { v7 as uuidv7 } from 'uuid';
import { InvalidJson } from '../hae/scan.ts';
import { sliceBytesOf } from '../ingest/cuts.ts';
import { dispatch, handOn, jobsOf } from '../ingest/dispatch.ts';
import { faultOf } from '../ingest/faults.ts';
import { type Recut, recut } from '../ingest/recut.ts';
import { log } from '../log.ts';
import type { FailureCode } from '../model.ts';
import { COUNT_OPEN, type OpenUpload, takeOpen, toOpenUpload } from '../store/find-open.ts';
import { BodyGone } from '../store/raw.ts';
import { failReceipt } from '../store/receipts.ts';
import { countFindings } from './count.ts';
import type { MaintenanceDependencies } from './dependencies.ts';

/** What became of the receipts that did not close. */
export interface Resent {
  /** Uploads that were looked at. */
  taken: number;
  /** Uploads of which slices were sent again. */
  uploads: number;
  slices: number;
  /** Uploads that this release cuts in another way: failed, and replayed whole. */
  replayed: number;
  /** Uploads whose body is no longer there. */
  gone: number;
  /** Uploads that could not be looked at now. */
  left: number;
  /** Receipts that are open still, young ones included. */
  open: number;
}

/** Each of them is read from the archive once more, at 42 ms of CPU a MB: as many as fit a step. */
const MAX_UPLOADS = 50;
const MAX_BYTES = 200 * 1024 * 1024;

/** Sends the slices again that receipts still wait for. Those that were loaded meanwhile will say so. */
export async function resendOpen(dependencies: MaintenanceDependencies): Promise<Resent> {
  const { database } = dependencies;
  const resent: Resent = {
    taken: 0,
    uploads: 0,
    slices: 0,
    replayed: 0,
    gone: 0,
    left: 0,
    open: 0,
  };
  const seconds = dependencies.sweepAfterSeconds;
  const rows = await database.query(takeOpen({ uploads: MAX_UPLOADS, bytes: MAX_BYTES, seconds }));
  resent.taken = rows.length;
  for (const upload of rows.map(toOpenUpload)) {
    const ending = await resend(upload, dependencies);
    if (typeof ending === 'number') {
      resent.uploads++;
      resent.slices += ending;
    } else resent[ending]++;
  }
  const [row] = await database.query(COUNT_OPEN);
  const { slices, replayed, gone } = resent;
  countFindings({ slices_resent: slices, uploads_replayed: replayed, bodies_gone: gone });
  return { ...resent, open: Number(row?.open) };
}

/** @returns how many slices were sent again, or why none. */
async function resend(
  upload: OpenUpload,
  dependencies: MaintenanceDependencies,
): Promise<number | 'replayed' | 'gone' | 'left'> {
  const { ingestion, archived, loaded } = upload;
  const sliceBytes = sliceBytesOf(archived.cut) ?? dependencies.sliceBytes;
  try {
    const again = await recut(dependencies.bucket, archived.rawKey, sliceBytes);
    if (!isSameCut(upload, again)) return await replayInstead(upload, again, dependencies);
    const timeZone = again.described?.timeZone ?? ingestion.timeZone;
    const jobs = jobsOf({ ...ingestion, timeZone }, { ...again, archived });
    const missing = jobs.filter(({ slice }) => !loaded.has(slice.number));
    await handOn(missing, { lanes: dependencies.lanes, deferSeconds: null });
    return missing.length;
  } catch (error) {
    if (error instanceof BodyGone || error instanceof InvalidJson) {
      await fail(upload, 'body_gone', dependencies);
      return 'gone';
    }
    log('warn', 'upload not swept', { ingestion_id: ingestion.id, fault: faultOf(error) });
    return 'left';
  }
}

/** Receipts from before cuts were kept have only the number of slices to tell. */
const isSameCut = ({ archived, slicesTotal }: OpenUpload, again: Recut): boolean =>
  archived.cut === '' ? slicesTotal === again.slices.length : archived.cut === again.archived.cut;

/** What was loaded under the old cut stays; the whole body is loaded once more under the new one, which is harmless. */
async function replayInstead(
  upload: OpenUpload,
  again: Recut,
  dependencies: MaintenanceDependencies,
): Promise<'replayed'> {
  const receivedAt = Date.now();
  const { id: replayOf } = upload.ingestion;
  const id = uuidv7({ msecs: receivedAt });
  const ingestion = { ...upload.ingestion, id, receivedAt, replayOf, idempotencyKey: null };
  await dispatch(ingestion, { ...again, body: null }, { ...dependencies, deferSeconds: null });
  await fail(upload, 'cut_changed', dependencies);
  return 'replayed';
}

async function fail(
  { ingestion }: OpenUpload,
  failure: FailureCode,
  { database }: MaintenanceDependencies,
): Promise<void> {
  await database.query(failReceipt(ingestion, failure));
}
