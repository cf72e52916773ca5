import type { Database, Statement } from '../database.ts';
import type { Counts, Decoded, SeriesIdentity } from '../model.ts';
import { COUNTS_SO_FAR } from './counts.ts';
import { type SliceLoad, storing } from './load.ts';
import { timestamp } from './receipts.ts';
import { toCounts } from './sum-counts.ts';

/** What rows became, by metric or section. */
type CountsByName = Record<string, Counts>;

/**
 * Stores the rows of a part of a slice. The slice's row is there for the time of this transaction alone: it counts them,
 * and fails if the slice has been stored before.
 * @throws DatabaseUnreachable, DatabaseFault
 */
export async function storePart(database: Database, load: SliceLoad): Promise<CountsByName> {
  const [removed] = (await database.transaction([...storing(load), removeSlice(load)])).slice(-1);
  return toCounts(removed?.[0]?.counts);
}

const removeSlice = ({ ingestion, slice }: SliceLoad): Statement => ({
  text: `
    delete from ingestion_slices
    where (ingestion_id, received_at, slice) = ($1::uuid, $2::timestamptz, $3::int)
    returning ${COUNTS_SO_FAR} as counts`,
  params: [ingestion.id, timestamp(ingestion.receivedAt), slice],
});

/**
 * A part of a slice without the series that the whole has set aside (`too_many_series`): a part alone has room for more than
 * the slice does, and rows of those would count twice.
 */
export function withSeriesOf(part: SliceLoad, whole: SliceLoad): SliceLoad {
  const stored = new Set(seriesIn(whole.decoded));
  const within = <T extends { series: SeriesIdentity }>(batches: readonly T[]): T[] =>
    batches.filter(({ series }) => stored.has(identityOf(series)));
  const { decoded } = part;
  return {
    ...part,
    decoded: {
      ...decoded,
      samples: within(decoded.samples),
      pressures: within(decoded.pressures),
      nights: within(decoded.nights),
      stages: within(decoded.stages),
      electrocardiograms: within(decoded.electrocardiograms),
      workouts: decoded.workouts.map((each) => ({ ...each, series: within(each.series) })),
    },
  };
}

const seriesIn = (decoded: Decoded): string[] =>
  [
    ...decoded.samples,
    ...decoded.pressures,
    ...decoded.nights,
    ...decoded.stages,
    ...decoded.electrocardiograms,
    ...decoded.workouts.flatMap(({ series }) => series),
  ].map(({ series }) => identityOf(series));

const identityOf = ({ metric, unit, context, source, grouping }: SeriesIdentity): string =>
  [metric, unit, context, source, grouping].join('\n');

/** The load of a slice whose rows have been stored part by part: only its place in the receipt is left. */
export function withoutRows(load: SliceLoad, parts: readonly CountsByName[]): SliceLoad {
  const counts = new Map(
    [...load.decoded.counts].map(([name, { received, set_aside }]): [string, Counts] => {
      const sum = (outcome: 'inserted' | 'updated') =>
        parts.reduce((total, part) => total + (part[name]?.[outcome] ?? 0), 0);
      const [inserted, updated] = [sum('inserted'), sum('updated')];
      const unchanged = received - set_aside - inserted - updated;
      return [name, { received, inserted, updated, unchanged, set_aside }];
    }),
  );
  return {
    ...load,
    decoded: {
      ...load.decoded,
      counts,
      samples: [],
      pressures: [],
      nights: [],
      stages: [],
      electrocardiograms: [],
      workouts: [],
      events: [],
    },
  };
}
