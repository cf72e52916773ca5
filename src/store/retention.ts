import { instantOf, type Row, type Statement } from '../database.ts';
import type { PartitionedTable } from './partitions.ts';

/** Partitions whose time is over, and what there is (migrations/0009). */

/** Rows of `partition` and `outcome`. */
export const RETIRE_PARTITIONS: Statement = {
  text: 'select partition, outcome from retire_partitions()',
  params: [],
};

/** Their table waits while they are dropped. */
export const MAX_DROPPED_AT_ONCE = 25;

/** Rows of `dropped`, one for each partition that was empty for a day (migrations/0019). */
export const dropEmptyPartitions = (table: PartitionedTable): Statement => ({
  text: 'select dropped from drop_empty_partitions($1, $2::int) as dropped',
  params: [table, MAX_DROPPED_AT_ONCE],
});

/** A partition as it goes over the wire. Rows are an estimate. */
export interface PartitionOnTheWire {
  table: string;
  partition: string;
  from: string;
  to: string;
  /** `null`: for ever. */
  kept_until: string | null;
  bytes: number;
  rows: number;
}

/** All of them; of one table, if it is given. */
export const selectPartitions = (table: string | null): Statement => ({
  text: `
    select table_name, partition, lower_bound, upper_bound, kept_until, bytes, rows
    from partition_report
    where $1::text is null or table_name = $1::text
    order by table_name, lower_bound`,
  params: [table],
});

const iso = (value: unknown): string => new Date(instantOf(value)).toISOString();

export const toPartition = (row: Row): PartitionOnTheWire => ({
  table: String(row.table_name),
  partition: String(row.partition),
  from: iso(row.lower_bound),
  to: iso(row.upper_bound),
  kept_until: row.kept_until === null ? null : iso(row.kept_until),
  bytes: Number(row.bytes),
  rows: Number(row.rows),
});
