/** Totals of days as the README says them, by hand and slowly: what the database is compared with. */

export interface StoredSample {
  metric: string;
  adds: boolean;
  source: string;
  grouping: string;
  at: number;
  value: number;
}

export interface DayTotal {
  samples: number;
  total: number;
  min: number;
  max: number;
}

const TIERS = [['seconds', 'minutes', 'default'], ['hours'], ['unknown'], ['days']];
const HOUR_MS = 3_600_000;

const tierOf = ({ grouping }: StoredSample) => TIERS.findIndex((tier) => tier.includes(grouping));

function rankOf({ source, grouping }: StoredSample): string {
  const parts = source.split('|').length;
  const device = /watch/i.test(source) ? 1 : /phone/i.test(source) ? 3 : 2;
  const fineness = TIERS.flat().indexOf(grouping);
  return [9 - parts, device, source, fineness].join(' ');
}

const dayIn = (zone: string, at: number): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(at);

const dayOf = (zone: string, sample: StoredSample): string =>
  dayIn(zone, sample.at + (sample.grouping === 'days' ? 12 * HOUR_MS : 0));

const sum = (samples: readonly StoredSample[]): number =>
  samples.reduce((total, { value }) => total + value, 0);

/** Of samples of one tier, metric and day, those that count. */
function walked(samples: readonly StoredSample[]): StoredSample[] {
  const slotOf = ({ at, grouping }: StoredSample): number => {
    if (grouping === 'days') return 0;
    return Math.floor(at / (grouping === 'hours' ? HOUR_MS : 60_000));
  };
  return samples.filter((sample) => {
    if (!sample.adds) {
      const isJoined = ({ source }: StoredSample) => source.includes('|');
      const merged = samples.some((other) => other.at === sample.at && isJoined(other));
      return !merged || isJoined(sample);
    }
    const rivals = samples.filter((other) => slotOf(other) === slotOf(sample));
    return rivals.every((other) => rankOf(sample) <= rankOf(other));
  });
}

const reachOf = (samples: readonly StoredSample[]): number =>
  samples[0]?.adds
    ? sum(samples)
    : new Set(samples.map(({ at }) => new Date(at).getUTCHours())).size;

/** By metric and day: `step_count 2026-03-29`. */
export function totalsByHand(
  zone: string,
  samples: readonly StoredSample[],
): Map<string, DayTotal> {
  const days = Map.groupBy(samples, (sample) => `${sample.metric} ${dayOf(zone, sample)}`);
  const totals = [...days].map(([key, all]): [string, DayTotal] => {
    const tiers = [...Map.groupBy(all, tierOf)].sort(([a], [b]) => a - b);
    const each = tiers.map(([, one]) => walked(one));
    const whole = Math.max(...each.map(reachOf));
    const counted = each.find((one) => reachOf(one) >= 0.99 * whole) ?? [];
    const values = counted.map(({ value }) => value);
    const extremes = { min: Math.min(...values), max: Math.max(...values) };
    return [key, { samples: counted.length, total: sum(counted), ...extremes }];
  });
  return new Map(totals.sort(([a], [b]) => (a < b ? -1 : 1)));
}
