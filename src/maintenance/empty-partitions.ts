import type { Database } from '../database.ts';
import { PARTITIONED_TABLES } from '../store/partitions.ts';
import { dropEmptyPartitions, MAX_DROPPED_AT_ONCE } from '../store/retention.ts';

/** A thousand partitions of one table a night. */
const MAX_ROUNDS = 40;

/** Drops partitions that have been empty for a day, a few at a time. @returns how many. @throws DatabaseUnreachable */
export async function dropEmpty(database: Database): Promise<number> {
  let total = 0;
  for (const table of PARTITIONED_TABLES) {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const dropped = await database.query(dropEmptyPartitions(table));
      total += dropped.length;
      if (dropped.length < MAX_DROPPED_AT_ONCE) break;
    }
  }
  return total;
}
