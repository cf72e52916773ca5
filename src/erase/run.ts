import type { Database } from '../database.ts';
import { log } from '../log.ts';
import type { Redis } from '../redis.ts';
import {
  countErased,
  eraseRows,
  finishErasure,
  type OpenErasure,
  SELECT_RECENT_ERASURES,
  selectOpenErasure,
  toOpenErasure,
} from '../store/erasures.ts';
import { abortUpload, zipKeyOf } from '../store/export-object.ts';
import { eraseCache } from './cache.ts';
import { eraseObjects } from './objects.ts';

export interface EraseDependencies {
  database: Database;
  bucket: R2Bucket;
  redis: Redis;
}

/** A delivery works this long, and then hands the erasure on, so that others get their turn. */
const TURN_MS = 20_000;

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
  const end = Date.now() + TURN_MS;

  const cacheEntries = await eraseCache(redis, erasure.keys);
  await database.query(countErased(id, { objects: {}, cacheEntries }));
  await abortUploads(erasure, dependencies);
  if (!(await eraseArchive(erasure, dependencies, end))) return 'goes on';
  if (!(await eraseTables(erasure, dependencies, end))) return 'goes on';
  if (!(await eraseArchive(erasure, dependencies, end))) return 'goes on';
  await eraseCache(redis, erasure.keys);
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

/** @returns whether that was all */
async function eraseArchive(
  { id, personId }: Pick<OpenErasure, 'id' | 'personId'>,
  { database, bucket }: Pick<EraseDependencies, 'database' | 'bucket'>,
  end: number,
): Promise<boolean> {
  const { objects, isLast } = await eraseObjects(bucket, personId, end);
  if (Object.keys(objects).length > 0) {
    await database.query(countErased(id, { objects, cacheEntries: 0 }));
  }
  return isLast;
}

/** @returns whether that was all */
async function eraseTables(
  { id }: OpenErasure,
  { database }: EraseDependencies,
  end: number,
): Promise<boolean> {
  while (Date.now() < end) {
    const [row] = await database.query(eraseRows(id));
    if (row?.is_last === true) return true;
  }
  return false;
}

/** An upload that had begun before its person was erased may have left its body after. @returns how many erasures */
export async function sweepErased(
  dependencies: Pick<EraseDependencies, 'database' | 'bucket'>,
): Promise<number> {
  const recent = await dependencies.database.query(SELECT_RECENT_ERASURES);
  for (const { id, person_id } of recent) {
    const erasure = { id: String(id), personId: String(person_id) };
    await eraseArchive(erasure, dependencies, Date.now() + TURN_MS);
  }
  return recent.length;
}
