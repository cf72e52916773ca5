import type { Automation, Grouping, Ingestion } from '../model.ts';

/** What the numbers mean beyond the body itself: the headers say how they were grouped and since when. Pure. */

/** What the meaning of a slice depends on, besides its bytes. */
export interface DecodeContext {
  receivedAt: number;
  /** IANA zone for dates without an offset. */
  timeZone: string;
  grouping: Grouping;
  partialBuckets: boolean;
}

export const decodeContext = ({ saidAt, timeZone, automation }: Ingestion): DecodeContext => ({
  receivedAt: saidAt,
  timeZone,
  grouping: groupingOf(automation),
  partialBuckets: sendsPartialBuckets(automation),
});

const GROUPINGS: ReadonlyMap<string, Grouping> = new Map([
  ['default', 'default'],
  ['second', 'seconds'],
  ['seconds', 'seconds'],
  ['minute', 'minutes'],
  ['minutes', 'minutes'],
  ['hour', 'hours'],
  ['hours', 'hours'],
  ['day', 'days'],
  ['days', 'days'],
  ['week', 'weeks'],
  ['weeks', 'weeks'],
  ['month', 'months'],
  ['months', 'months'],
  ['year', 'years'],
  ['years', 'years'],
]);

/** Header values are free text on a phone: case and blanks vary between versions of the app. */
const plain = (text: string | null): string => (text ?? '').toLowerCase().replaceAll(/[\s_-]/g, '');

const groupingOf = (automation: Automation): Grouping =>
  GROUPINGS.get(plain(automation.aggregation)) ?? 'unknown';

/**
 * Whether buckets of cumulative metrics may be partial. `Since Last Sync` sends what has come since then, stamped
 * with the start of the bucket: such a value may raise the stored one, but must never shrink it.
 */
function sendsPartialBuckets(automation: Automation): boolean {
  const period = plain(automation.period);
  return period === 'sincelastsync' || period === 'lastsync';
}

/** Longer header values are cut: they are labels, and travel with every slice. */
const MAX_LABEL = 200;

function label(headers: Headers, name: string): string | null {
  const text = headers.get(name)?.trim().slice(0, MAX_LABEL).toWellFormed();
  return text === undefined || text === '' ? null : text;
}

export const readAutomation = (headers: Headers): Automation => ({
  name: label(headers, 'automation-name'),
  id: label(headers, 'automation-id'),
  aggregation: label(headers, 'automation-aggregation'),
  period: label(headers, 'automation-period'),
  sessionId: label(headers, 'session-id'),
});
