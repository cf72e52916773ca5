import type { Database } from '../database.ts';
import type { Lanes } from '../ingest/lanes.ts';

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
