/** Links that the app opens to set up an automation: `com.HealthExport://automation?…`, as its wiki describes. Pure. */

/** Stands where the user puts a key: a link is copied, sent and kept by others. */
export const KEY_PLACEHOLDER = 'YOUR_ING_KEY';

/** The app's words for the span of days that an automation exports. */
export type LinkPeriod = 'none' | 'yesterday' | 'previous7Days';

/** The app's words for how samples are grouped; `none` is its default. */
export type LinkInterval =
  | 'none'
  | 'seconds'
  | 'minutes'
  | 'hours'
  | 'days'
  | 'weeks'
  | 'months'
  | 'years';

const INTERVALS: ReadonlySet<string> = new Set([
  'seconds',
  'minutes',
  'hours',
  'days',
  'weeks',
  'months',
  'years',
] satisfies LinkInterval[]);

/** The interval that makes the same series again: what has been grouped in several ways takes the default. */
export function intervalOf(groupings: readonly string[]): LinkInterval {
  const [only = 'none', ...others] = groupings;
  return others.length === 0 && INTERVALS.has(only) ? (only as LinkInterval) : 'none';
}

/**
 * The narrowest period that holds days which ended so long ago: 1 is yesterday.
 *
 * @returns `null` where the app has no word that reaches back so far
 */
export const periodOf = (firstDaysAgo: number, lastDaysAgo: number): LinkPeriod | null => {
  if (lastDaysAgo < 1 || firstDaysAgo > 7) return null;
  return firstDaysAgo === 1 ? 'yesterday' : 'previous7Days';
};

/** A link for health metrics as JSON. @param url where the automation posts to */
export function automationLink(url: string, period: LinkPeriod, interval: LinkInterval): string {
  const headers = ['Authorization', `Bearer ${KEY_PLACEHOLDER}`].map(encodeURIComponent).join(',');
  const fields = Object.entries({
    url,
    name: 'self-sensored: once more',
    format: 'json',
    exportversion: 'v2',
    period,
    interval,
    datatype: 'healthMetrics',
    aggregatedata: 'true',
    aggregatesleep: 'true',
    batchrequests: 'true',
  }).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `com.HealthExport://automation?${[...fields, `headers=${headers}`].join('&')}`;
}
