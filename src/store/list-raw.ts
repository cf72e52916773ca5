import { guarded } from './raw.ts';
import { nextHour, placeOf, type RawPlace, rawPrefixOf } from './raw-keys.ts';

/** Raw objects in the order in which they were received, page by page. */

export interface ListedRaw extends RawPlace {
  key: string;
  /** When it had come whole: its upload may have begun long before, and goes on for a moment. */
  storedAt: number;
}

/** How far a walk through the hours has come. */
export interface ArchivePosition {
  hour: string;
  /** The last key of this hour that was listed. */
  after: string | null;
}

export interface ArchiveHours {
  /** Of one person alone; `null`: of everyone. */
  userId: string | null;
  /** The last hour of the walk. */
  to: string;
}

export interface ArchivePage {
  objects: ListedRaw[];
  /** Where the walk goes on; `null`: that was all. */
  next: ArchivePosition | null;
}

/**
 * One listing: up to a thousand objects of one hour. Without their metadata, with which it would be a hundred.
 * @throws StorageUnreachable
 */
export async function listHour(
  bucket: R2Bucket,
  { userId, to }: ArchiveHours,
  { hour, after }: ArchivePosition,
): Promise<ArchivePage> {
  const { objects, truncated } = await guarded(() =>
    bucket.list({
      prefix: rawPrefixOf(hour, userId),
      ...(after === null ? {} : { startAfter: after }),
    }),
  );
  const last = objects.at(-1)?.key ?? null;
  return {
    objects: objects.flatMap(({ key, uploaded }) => {
      const place = placeOf(key);
      return place === null ? [] : [{ key, storedAt: uploaded.getTime(), ...place }];
    }),
    next: truncated
      ? { hour, after: last }
      : hour < to
        ? { hour: nextHour(hour), after: null }
        : null,
  };
}
