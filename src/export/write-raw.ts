import type { PlanStep, StepPosition } from '../store/exports.ts';
import { receivedAtOf } from '../store/find-receipts.ts';
import { listKeys, openObject, type Prefix, prefixOf } from '../store/objects.ts';
import type { ExportContext } from './context.ts';

/** Prefixes of the archive that an export may hold, if it is asked for. */
export const RAW_PREFIXES: readonly Prefix[] = ['raw', 'original', 'rejected'];

const KEYS_AT_ONCE = 50;
/** Of bodies in one call: some seconds of work. */
const MOST_BYTES = 100 * 1024 * 1024;

/** Bodies as they lie in the archive, a stream each: one may be 100 MB. @returns where to go on */
export async function writeRaw(
  { bucket, job, archive }: ExportContext,
  { part }: PlanStep,
  position: StepPosition | null,
): Promise<StepPosition | null> {
  const prefix = prefixOf(part as Prefix, job.userId);
  let last = position === null ? null : String(position.after[0]);
  for (let bytes = 0; bytes < MOST_BYTES; ) {
    const keys = await listKeys(bucket, prefix, last, KEYS_AT_ONCE);
    for (const key of keys) {
      last = key;
      if (!isInSpan(key, job.span)) continue;
      const object = await openObject(bucket, key);
      if (object === null) continue;
      bytes += object.size;
      await archive.entry(`${part}/${key.slice(prefix.length)}`, part, async (packer) => {
        for await (const piece of object.body) await packer.write(piece);
        return null;
      });
      if (bytes >= MOST_BYTES) break;
    }
    if (keys.length === 0) return null;
  }
  return { after: [last ?? ''], file: 0 };
}

/** The last part of its key is the id of its upload, which tells when it was received. */
function isInSpan(key: string, { from, to }: { from: string; to: string }): boolean {
  const at = receivedAtOf(key.slice(key.lastIndexOf('/') + 1));
  const bound = (text: string) =>
    text === '-infinity' || text === 'infinity'
      ? Number(text.replace('inf', 'Inf'))
      : Date.parse(text);
  return at >= bound(from) && at < bound(to);
}
