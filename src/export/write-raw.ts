import type { PlanStep, StepPosition } from '../store/exports.ts';
import { receivedAtOf } from '../store/find-receipts.ts';
import { listKeys, type Prefix, prefixOf } from '../store/objects.ts';
import { BodyGone, openStored } from '../store/raw.ts';
import { HOUR_MS, hourOf, placeOf, rawPrefixOf, startOfHour } from '../store/raw-keys.ts';
import { type ExportContext, instantOfBound } from './context.ts';

/**
 * Prefixes of the archive that an export may hold, if it is asked for: what lies under the person there. Bodies by hour
 * are a step of their own.
 */
export const RAW_PREFIXES: readonly Prefix[] = ['raw', 'original', 'rejected'];

const KEYS_AT_ONCE = 50;
/** Of bodies in one call: some seconds of work. */
const MAX_BYTES = 100 * 1024 * 1024;

/** Bodies that lie under the person, a stream each: one may be 100 MB. @returns where to go on */
export async function writeRaw(
  context: ExportContext,
  { part }: PlanStep,
  position: StepPosition | null,
): Promise<StepPosition | null> {
  const { bucket, job } = context;
  const prefix = prefixOf(part as Prefix, job.userId);
  let last = position === null ? null : String(position.after[0]);
  for (let bytes = 0; bytes < MAX_BYTES; ) {
    const keys = await listKeys(bucket, prefix, last, KEYS_AT_ONCE);
    for (const key of keys) {
      last = key;
      bytes += await writeBody(context, part, { key, path: key.slice(prefix.length) });
      if (bytes >= MAX_BYTES) break;
    }
    if (keys.length === 0) return null;
  }
  return { after: [last ?? ''], file: 0 };
}

/** The part of the plan that bodies by hour are, to tell it from those under the person. */
export const HOURS_PART = 'raw_hours';

/** A Worker has six connections. */
const HOURS_AT_ONCE = 6;
/** Hours of one call: most have nothing of this person. */
const MAX_HOURS = 240;

/** Bodies that lie under the hours of the step. @returns where to go on */
export async function writeHours(
  context: ExportContext,
  { to }: PlanStep,
  { after: [hour = to, after = ''] }: Pick<StepPosition, 'after'>,
): Promise<StepPosition | null> {
  const first = startOfHour(String(hour));
  const end = startOfHour(to);
  let [at, bytes, last] = [first, 0, String(after)];
  while (at <= end && at < first + MAX_HOURS * HOUR_MS) {
    const hours = Array.from({ length: HOURS_AT_ONCE }, (_, i) => hourOf(at + i * HOUR_MS));
    const pages = await Promise.all(
      hours.map((each, i) =>
        listKeys(
          context.bucket,
          rawPrefixOf(each, context.job.userId),
          i === 0 && last !== '' ? last : null,
          KEYS_AT_ONCE,
        ),
      ),
    );
    for (const [i, keys] of pages.entries()) {
      for (const key of keys) {
        const { day, ingestionId } = placeOf(key) ?? { day: '', ingestionId: '' };
        bytes += await writeBody(context, 'raw', { key, path: `${day}/${ingestionId}` });
        last = key;
        if (bytes >= MAX_BYTES) return { after: [hours[i] ?? to, last], file: 0 };
      }
      if (keys.length === KEYS_AT_ONCE) break;
      at += HOUR_MS;
      last = '';
    }
  }
  return at > end ? null : { after: [hourOf(at), last], file: 0 };
}

/** @returns its bytes; 0 where it is not of the time that was asked for, or gone. */
async function writeBody(
  { bucket, job, archive }: ExportContext,
  part: string,
  { key, path }: { key: string; path: string },
): Promise<number> {
  if (!isInSpan(key, job.span)) return 0;
  const body = await openIfThere(bucket, key);
  if (body === null) return 0;
  let bytes = 0;
  await archive.entry(`${part}/${path}`, part, async (packer) => {
    for await (const piece of body.pieces) {
      bytes += piece.length;
      await packer.write(piece);
    }
    return null;
  });
  return bytes;
}

async function openIfThere(bucket: R2Bucket, key: string) {
  try {
    return await openStored(bucket, key);
  } catch (error) {
    if (error instanceof BodyGone) return null;
    throw error;
  }
}

/** The last part of its key is the id of its upload, which tells when it was received. */
function isInSpan(key: string, { from, to }: { from: string; to: string }): boolean {
  const at = receivedAtOf(key.slice(key.lastIndexOf('/') + 1));
  return at >= instantOfBound(from) && at < instantOfBound(to);
}
