import { timestamp } from './receipts.ts';

/**
 * The first and the last of the instants, as two parameters. A statement that compares a partition key with them is
 * planned for the partitions between them alone: bounds that come out of a join would have Postgres open and lock all.
 */
export function timeBounds(instants: Iterable<number>): readonly [string, string] {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const instant of instants) {
    if (instant < first) first = instant;
    if (instant > last) last = instant;
  }
  return first > last ? ANY_TIME : [timestamp(first), timestamp(last)];
}

/** For what is known by an id and may be stored under another time. */
export const ANY_TIME = ['-infinity', 'infinity'] as const;
