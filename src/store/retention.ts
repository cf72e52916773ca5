import { instantOf, type Row, type Statement } from '../database.ts';

/** Partitions whose time is over, and what there is (migrations/0009). */

/** Rows of `partition` and `outcome`. */
export const RETIRE_PARTITIONS: Statement = {
  text: 'select partition, outcome from retire_partitions()',
  params: [],
};

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
