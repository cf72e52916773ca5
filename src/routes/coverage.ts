import type { Context } from 'hono';
import { z } from 'zod';
import { automationLink, intervalOf, KEY_PLACEHOLDER, periodOf } from '../hae/deep-link.ts';
import { answer } from '../http/answer.ts';
import type { AppEnv } from '../http/context.ts';
import { readCursor } from '../http/cursor.ts';
import { pageByCursor } from '../http/cursor-page.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import { type CoverageDays, selectCoverageDays, toCoverageDays } from '../read/coverage-days.ts';
import { rhythmOf, type StateRange, statesOf } from '../read/day-states.ts';
import { day } from './day.ts';
import { metricName, requireMetrics } from './metric-name.ts';

/** A calendar of what is there and what is not, with the way to get it. */

const state = z
  .enum(['complete', 'thin', 'missing', 'not_expected'])
  .describe(
    'thin: fewer than 40 % of the samples that days around it have; not_expected: without data, as is usual for this metric',
  );

const reExport = z.object({
  from: z.string(),
  to: z.string(),
  link: z.string().describe('Opens the app and sets up an automation that posts here'),
  link_covers: z
    .boolean()
    .describe('Whether a period of the app holds these days; else export them by hand'),
});

const coverage = z.object({
  from: z.string().nullable(),
  to: z.string().nullable(),
  metrics: z.array(
    z.object({
      metric: z.string(),
      daily: z.boolean().nullable().describe('Whether it comes every day; null: too few to tell'),
      first: z.string().nullable().describe('The first day that has data'),
      complete_days: z.int(),
      thin_days: z.int(),
      missing_days: z.int(),
      ranges: z
        .array(
          z.object({
            state,
            from: z.string(),
            to: z.string(),
            days: z.int(),
            re_export: reExport.nullable(),
          }),
        )
        .describe('Oldest first, without gaps, from the first day that has data on'),
    }),
  ),
});

/** A name each, and people may make up names. */
const MAX_METRICS = 100;

/** Three years. */
const MOST_DAYS = 1100;

export const showCoverage = operation({
  method: 'GET',
  path: '/api/v1/coverage',
  summary: 'Which days of each metric are complete, thin or missing, and what to export again.',
  scope: 'read',
  quota: 'reads',
  query: z.object({
    from: day.optional().describe('90 days before the end, where none is given'),
    to: day.optional().describe('Today, where none is given'),
    metrics: z.string().max(2000).optional().describe('Names, separated by commas; else all'),
    limit: z.coerce.number().int().min(1).max(MAX_METRICS).default(MAX_METRICS),
    cursor: z.string().optional(),
  }),
  answer: coverage,
  handler: async (c, { query }) => {
    const { from, to } = query;
    checkSpan(from, to ?? new Date().toISOString().slice(0, 10));
    const { userId } = c.get('identity');
    const metrics = query.metrics?.split(',').map(metricName) ?? null;
    await requireMetrics(c, metrics ?? [], 'metrics');
    const after = readCursor(query.cursor, z.string())?.id ?? null;
    const question = { userId, from: from ?? null, to: to ?? null, metrics, after };
    const rows = await c
      .get('database')
      .queryAs(userId, selectCoverageDays({ ...question, limit: query.limit + 1 }));
    const position = ({ metric }: CoverageDays) => ({ at: 0, id: metric });
    const { page, pagination } = pageByCursor(rows.map(toCoverageDays), query.limit, position);
    const found = page.filter(({ beginning, anew }) => beginning !== null || anew !== null);
    const origin = new URL(c.req.url).origin;
    const calendars = found.map((each) => calendarOf(each, origin));
    const data = { from: found[0]?.from ?? null, to: found[0]?.to ?? null, metrics: calendars };
    return answer(c, data, { ...messageFor(c, found, calendars), pagination });
  },
});

function checkSpan(from: string | undefined, to: string): void {
  if (from === undefined) return;
  const days = dayNumber(to) - dayNumber(from);
  if (days >= 0 && days <= MOST_DAYS) return;
  const message = `From before to, and at most ${MOST_DAYS} days at once.`;
  throw new HttpProblem('invalid_parameter', {
    errors: [{ pointer: 'from', code: 'invalid_span', message }],
  });
}

type Calendar = z.infer<typeof coverage>['metrics'][number];

function calendarOf(found: CoverageDays, origin: string): Calendar {
  const today = dayNumber(found.today);
  const knownTo = found.anew === null ? found.to : found.anew.knownTo;
  const ranges =
    found.beginning === null || knownTo === null
      ? []
      : statesOf(
          found,
          {
            from: dayNumber(found.from),
            to: Math.min(dayNumber(found.to), dayNumber(knownTo)),
            today,
          },
          dayNumber(found.beginning),
        );
  const daysThatAre = (state: StateRange['state']) =>
    ranges.reduce((days, each) => days + (each.state === state ? lengthOf(each) : 0), 0);
  const link = (range: StateRange) => linkFor(range, today, origin, found.groupings);
  return {
    metric: found.metric,
    daily: rhythmOf(found.days).daily,
    first: found.beginning,
    complete_days: daysThatAre('complete'),
    thin_days: daysThatAre('thin'),
    missing_days: daysThatAre('missing'),
    ranges: ranges.map((range) => ({
      state: range.state,
      from: dayText(range.from),
      to: dayText(range.to),
      days: lengthOf(range),
      re_export: range.state === 'thin' || range.state === 'missing' ? link(range) : null,
    })),
  };
}

const lengthOf = ({ from, to }: StateRange): number => to - from + 1;

function linkFor(
  { from, to }: StateRange,
  today: number,
  origin: string,
  groupings: readonly string[],
): z.infer<typeof reExport> {
  const period = periodOf(today - from, today - to);
  const url = `${origin}/api/v1/sync`;
  return {
    from: dayText(from),
    to: dayText(to),
    link: automationLink(url, period ?? 'none', intervalOf(groupings)),
    link_covers: period !== null,
  };
}

const ANEW =
  'Some days are being made anew, since the time zone or the order of sources has changed: ask again in a minute.';

function messageFor(
  c: Context<AppEnv>,
  found: readonly CoverageDays[],
  calendars: readonly Calendar[],
): { message?: string } {
  const url = `${new URL(c.req.url).origin}/api/v1/sync`;
  const links = `A link sets up an automation in Health Auto Export; put a key of kind ing in place of ${KEY_PLACEHOLDER} there. Where link_covers is false, the app has no period that reaches back so far: export the days from and to by hand, and post the file to ${url}.`;
  const hasLinks = calendars.some(({ ranges }) => ranges.some((range) => range.re_export !== null));
  const parts = [
    ...(found.some(({ anew }) => anew !== null) ? [ANEW] : []),
    ...(hasLinks ? [links] : []),
  ];
  return parts.length === 0 ? {} : { message: parts.join(' ') };
}

const DAY_MS = 86_400_000;
const dayNumber = (text: string): number => Date.parse(text) / DAY_MS;
const dayText = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10);
