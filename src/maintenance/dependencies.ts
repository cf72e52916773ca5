import type { Database } from '../database.ts';
import type { Lanes } from '../ingest/lanes.ts';
import type { Redis } from '../redis.ts';
import type { WorkQueue } from './job-message.ts';

/** What it takes to mend. */
export interface MaintenanceDependencies {
  database: Database;
  bucket: R2Bucket;
  lanes: Lanes;
  /** The slice size of new uploads. */
  sliceBytes: number;
  /** Bytes that a body may have, and one that packs files. */
  maxBytes: number;
  maxFilesBytes: number;
  /** After which an upload that does not move counts as stuck. */
  sweepAfterSeconds: number;
  /** How long nothing may have changed before a person's days are recomputed. */
  recomputeAfterSeconds: number;
}

/** What it takes to do a step of long work. */
export interface JobDependencies extends MaintenanceDependencies {
  redis: Redis;
  work: WorkQueue;
  /** Whether the archive is a folder of this machine, which has no lifecycle rules of its own. */
  isLocal: boolean;
}
