import { type Database, instantOf } from '../database.ts';
import { log } from '../log.ts';
import type { Redis } from '../redis.ts';
import {
  countErased,
  eraseRows,
  finishErasure,
  type OpenErasure,
  selectOpenErasure,
  selectRecentErasures,
  toOpenErasure,
} from '../store/erasures.ts';
import { abortUpload, zipKeyOf } from '../store/export-object.ts';
import { HOUR_MS, hourOf } from '../store/raw-keys.ts';
import { eraseCache } from './cache.ts';
import { eraseHeld } from './held.ts';
import { type ErasedHours, eraseObjects, firstHourBefore } from './objects.ts';

export interface EraseDependencies {
  database: Database;
  bucket: R2Bucket;
  redis: Redis;
}

/** A step works this long, and lists so often, and the next one goes on. */
const MAX_STEP_MS = 20_000;
const MAX_LISTINGS = 600;

/**
 * Goes on with an erasure. Each step can be done twice, so it matters not where the last turn was broken off: what is
 * in Redis, in the archive and in the tables; the archive once more, for what came in meanwhile; then the person.
 * @throws DatabaseUnreachable, StorageUnreachable, and what Redis throws: whoever calls, calls again
 */
export async function advanceErasure(
  id: string,
  dependencies: EraseDependencies,
): Promise<'goes on' | 'ended'> {
  const { database, redis } = dependencies;
  const [row] = await database.query(selectOpenErasure(id));
  if (row === undefined) return 'ended';
  const erasure = toOpenErasure(row);
  const endsAt = Date.now() + MAX_STEP_MS;

  const cacheEntries = await eraseCache(redis, erasure.personId, erasure.keys);
  await database.query(countErased(id, { objects: {}, cacheEntries, archiveHour: null }));
  await abortUploads(erasure, dependencies);
  const held = await eraseHeld(dependencies.bucket, erasure.keys);
  if (held > 0) {
    await database.query(
      countErased(id, { objects: { held }, cacheEntries: 0, archiveHour: null }),
    );
  }
  const now = hourOf(Date.now());
  const begun = { from: erasure.archiveHour ?? firstHourBefore(erasure.personSince), to: now };
  if (!(await eraseArchive(erasure, begun, { ...dependencies, endsAt }))) return 'goes on';
  if (!(await eraseTables(erasure, dependencies, endsAt))) return 'goes on';
  const late = { from: firstHourBefore(erasure.beganAt), to: now };
  if (!(await eraseArchive(erasure, late, { ...dependencies, endsAt }))) return 'goes on';
  await eraseCache(redis, erasure.personId, erasure.keys);
  const [finished] = await database.query(finishErasure(id));
  return finished?.is_done === true ? 'ended' : 'goes on';
}

/** The same, while somebody waits. Never rejects: what cannot be done now, the job will do. */
export async function tryErasure(id: string, dependencies: EraseDependencies): Promise<void> {
  try {
    await advanceErasure(id, dependencies);
  } catch (error) {
    const fault = error instanceof Error ? error.name : 'unknown';
    log('warn', 'erasure interrupted', { erasure_id: id, fault });
  }
}

async function abortUploads({ personId, uploads }: OpenErasure, { bucket }: EraseDependencies) {
  for (const { id, uploadId } of uploads) {
    await abortUpload(bucket, zipKeyOf(personId, id), uploadId);
  }
}

/** Notes how far it has come. @returns whether that was all */
async function eraseArchive(
  { id, personId }: Pick<OpenErasure, 'id' | 'personId'>,
  hours: ErasedHours,
  { database, bucket, endsAt }: Pick<EraseDependencies, 'database' | 'bucket'> & { endsAt: number },
): Promise<boolean> {
  const budget = { endsAt, listings: MAX_LISTINGS };
  const { objects, next } = await eraseObjects(bucket, personId, { hours, budget });
  await database.query(
    countErased(id, { objects, cacheEntries: 0, archiveHour: next ?? hours.to }),
  );
  return next === null;
}

/** @returns whether that was all */
async function eraseTables(
  { id }: OpenErasure,
  { database }: EraseDependencies,
  endsAt: number,
): Promise<boolean> {
  while (Date.now() < endsAt) {
    const [row] = await database.query(eraseRows(id));
    if (row?.is_last === true) return true;
  }
  return false;
}

/** An upload that had begun before its person was erased may have left its body after. */
const HOURS_AFTER = 2;

/** @returns how many erasures were looked after, and the last of them; `null`: there are no more. */
export async function sweepErased(
  { database, bucket }: Pick<EraseDependencies, 'database' | 'bucket'>,
  after: string | null,
): Promise<{ erasures: number; next: string | null }> {
  const recent = await database.query(selectRecentErasures(after, MAX_SWEPT));
  for (const { id, person_id, created_at } of recent) {
    const beganAt = instantOf(created_at);
    const hours = {
      from: firstHourBefore(beganAt),
      to: hourOf(Math.min(Date.now(), beganAt + HOURS_AFTER * HOUR_MS)),
    };
    const erasure = { id: String(id), personId: String(person_id) };
    await eraseArchive(erasure, hours, { database, bucket, endsAt: Date.now() + MAX_STEP_MS });
  }
  const last = recent.length < MAX_SWEPT ? undefined : recent.at(-1)?.id;
  return { erasures: recent.length, next: last === undefined ? null : String(last) };
}

/** Of one step: each takes some thirty listings. */
const MAX_SWEPT = 20;
