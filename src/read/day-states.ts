/** Which days of a metric are there, by what it usually brings. Days are numbers, one a day. Pure. */

/** `not_expected`: without data, as is usual for this metric. */
export type DayState = 'complete' | 'thin' | 'missing' | 'not_expected';

export interface DaysSeen {
  /** Ascending: the days that have data, from some time before the span on. */
  days: readonly number[];
  /** How many samples each of them has. */
  samples: readonly number[];
}

export interface Span {
  from: number;
  to: number;
  /** Not over: never thin, never missing. */
  today: number;
}

export interface StateRange {
  state: DayState;
  from: number;
  to: number;
}

/** How often a metric comes. */
export interface Rhythm {
  /** Whether most days with data follow on one another. `null`: too few to tell. */
  daily: boolean | null;
  /** Days without data after which it is overdue; `null`: never. */
  patience: number | null;
}

const FEWEST_DAYS = 7;
/** So many usual gaps, and at least four weeks, may pass before a metric that comes now and then is missed. */
const PATIENCE_GAPS = 4;
const PATIENCE_DAYS = 28;

export function rhythmOf(days: readonly number[]): Rhythm {
  if (days.length < FEWEST_DAYS) return { daily: null, patience: null };
  const gaps = days.slice(1).map((day, i) => day - (days[i] ?? day));
  const usual = median(gaps.sort((a, b) => a - b));
  return usual === 1
    ? { daily: true, patience: 0 }
    : { daily: false, patience: Math.max(PATIENCE_DAYS, PATIENCE_GAPS * usual) };
}

/** The days of the span, oldest first, equal neighbours as one; none before the first day of the metric. */
export function statesOf(seen: DaysSeen, span: Span, first: number): StateRange[] {
  const { days } = seen;
  const rhythm = rhythmOf(days);
  const ranges: StateRange[] = [];
  const start = Math.max(span.from, first);
  let next = days.filter((day) => day < start).length;
  for (let day = start; day <= Math.min(span.to, span.today); day++) {
    const state =
      days[next] === day
        ? presence(seen, next++, rhythm, span.today)
        : absence(day, days[next - 1] ?? first, rhythm, span.today);
    const last = ranges.at(-1);
    if (last?.state === state) last.to = day;
    else ranges.push({ state, from: day, to: day });
  }
  return ranges;
}

/** Fewer samples than this share of the median of the days around are thin. */
const THIN = 0.4;
/** Two weeks before and two after. */
const AROUND_DAYS = 14;

function presence(seen: DaysSeen, index: number, { daily }: Rhythm, today: number): DayState {
  if (daily !== true || seen.days[index] === today) return 'complete';
  const around = neighbours(seen, index);
  const isThin = around.length >= FEWEST_DAYS && (seen.samples[index] ?? 0) < THIN * median(around);
  return isThin ? 'thin' : 'complete';
}

function absence(day: number, lastSeen: number, { patience }: Rhythm, today: number): DayState {
  const isOverdue = patience !== null && day < today && day - lastSeen > patience;
  return isOverdue ? 'missing' : 'not_expected';
}

/** How many samples the days around one have, in ascending order; days without any do not count. */
function neighbours({ days, samples }: DaysSeen, index: number): number[] {
  const day = days[index] ?? 0;
  const around: number[] = [];
  for (let i = index - 1; i >= 0 && day - (days[i] ?? 0) <= AROUND_DAYS; i--) {
    around.push(samples[i] ?? 0);
  }
  for (let i = index + 1; i < days.length && (days[i] ?? 0) - day <= AROUND_DAYS; i++) {
    around.push(samples[i] ?? 0);
  }
  return around.sort((a, b) => a - b);
}

/** Of numbers in ascending order. */
function median(sorted: readonly number[]): number {
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
