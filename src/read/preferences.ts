import type { UnitChoice } from '../catalog/display.ts';
import type { Row, Statement } from '../database.ts';

/** How a person wants days, weeks and units. */
export interface Preferences {
  /** IANA. */
  time_zone: string;
  week_start: WeekStart;
  units: UnitChoice;
}

/** By ISO's number of the day. */
const WEEK_STARTS = { 1: 'monday', 6: 'saturday', 7: 'sunday' } as const;

export type WeekStart = (typeof WEEK_STARTS)[keyof typeof WEEK_STARTS];

export const dayNumberOf = (start: WeekStart): number =>
  Number(Object.entries(WEEK_STARTS).find(([, name]) => name === start)?.[0]);

export const selectPreferences = (userId: string): Statement => ({
  text: 'select time_zone, week_start, units from users where id = $1::uuid',
  params: [userId],
});

export const toPreferences = (row: Row): Preferences => ({
  time_zone: String(row.time_zone),
  week_start: WEEK_STARTS[Number(row.week_start) as keyof typeof WEEK_STARTS],
  units: row.units as UnitChoice,
});

/** Whose numbers count before whose, for one metric or all of a category. */
export interface SourceList {
  scope: 'metric' | 'category';
  name: string;
  ranked: string[];
  excluded: string[];
}

/** The sources that a metric has come from, and which list decides among them. */
export interface MetricSources {
  metric: string;
  category: string;
  decided_by: SourceList['scope'] | null;
  sources: {
    source: string;
    display_names: string[];
    /** 1 counts first; `null`: not named in the list, so after all that are. */
    rank: number | null;
    excluded: boolean;
  }[];
}

/** One row: all lists of a person, and what their metrics have come from. Numbers inside workouts have no rank. */
export const selectSources = (userId: string): Statement => ({
  text: `
    select
      (
        select jsonb_agg(jsonb_build_object('scope', scope, 'name', name, 'ranked', ranked, 'excluded', excluded)
          order by scope, name)
        from source_preferences where user_id = $1::uuid
      ) as lists,
      (
        select jsonb_agg(to_jsonb(seen) order by metric, source)
        from (
          select series.metric, coalesce(metrics.category, 'other') as category, series.source,
            array_agg(distinct display_name) as display_names
          from series
          left join metrics on metrics.name = series.metric
          where user_id = $1::uuid and grouping not in ('workout', 'none')
          group by series.metric, metrics.category, series.source
        ) as seen
      ) as seen`,
  params: [userId],
});

interface Seen {
  metric: string;
  category: string;
  source: string;
  display_names: string[];
}

export function toSources(row: Row | undefined): { lists: SourceList[]; metrics: MetricSources[] } {
  const lists = ((row?.lists ?? []) as SourceList[]).map(({ scope, name, ranked, excluded }) => ({
    scope,
    name,
    ranked,
    excluded,
  }));
  const seen = Map.groupBy((row?.seen ?? []) as Seen[], ({ metric }) => metric);
  return { lists, metrics: [...seen.values()].map((sources) => ranksOf(sources, lists)) };
}

/** After all that are named. */
const UNNAMED = Number.MAX_SAFE_INTEGER;

function ranksOf(sources: Seen[], lists: readonly SourceList[]): MetricSources {
  const { metric = '', category = '' } = sources[0] ?? {};
  const list =
    lists.find(({ scope, name }) => scope === 'metric' && name === metric) ??
    lists.find(({ scope, name }) => scope === 'category' && name === category);
  return {
    metric,
    category,
    decided_by: list?.scope ?? null,
    sources: sources
      .map(({ source, display_names }) => {
        const place = list?.ranked.indexOf(source) ?? -1;
        const excluded = list?.excluded.includes(source) ?? false;
        return { source, display_names, rank: place < 0 ? null : place + 1, excluded };
      })
      .sort((a, b) => (a.rank ?? UNNAMED) - (b.rank ?? UNNAMED)),
  };
}
