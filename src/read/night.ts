import { z } from 'zod';
import { instantOf, type Row, type Statement } from '../database.ts';
import { nightSchema, toNight } from './sleep.ts';
import { nights } from './sleep-nights.ts';
import { iso, parameterOf } from './values.ts';

export const nightWithStagesSchema = nightSchema.extend({
  stages: z.array(
    z.object({
      stage: z
        .string()
        .describe("core, deep, rem, awake, in_bed or asleep; else the app's own word")
        .meta({ example: 'deep' }),
      started_at: z.iso.datetime(),
      ended_at: z.iso.datetime(),
      label: z.string().describe('As the app wrote it'),
      minutes: z.number(),
    }),
  ),
});

type NightWithStages = z.infer<typeof nightWithStagesSchema>;

/** What a night is known by, apart from the person: its series, and its end in Unix milliseconds. */
export const nightId = z
  .string()
  .regex(/^\d{1,18}-\d{1,14}$/, 'An id of a night, as the list has it')
  .meta({ example: '12-1772430030000' });

interface NightQuestion {
  userId: string;
  zone: string | null;
  /** As `nightId` takes it. */
  id: string;
}

/** The days around: what else is told of the same day decides what the night stands for. */
const SPAN = {
  low: `($4::timestamptz - interval '5 days')`,
  high: `($4::timestamptz + interval '5 days')`,
};

/** No segment is longer than a day. */
const ONE = `
  with ${nights(SPAN)}
  select judged.*, judged.day::text as day, stages.stages
  from judged
  cross join lateral (
    select jsonb_agg(
      jsonb_build_object('stage', stage, 'started_at', started_at, 'ended_at', ended_at, 'label', label)
      order by started_at, ended_at, stage
    ) as stages
    from sleep_stages
    where sleep_stages.series_id = judged.series_id
      and sleep_stages.started_at >= judged.lies_from - interval '1 day'
      and sleep_stages.started_at < judged.lies_until
      and sleep_stages.ended_at > judged.lies_from
  ) as stages
  where (judged.series_id, judged.ended_at) = ($3::bigint, $4::timestamptz)`;

export function selectNight({ userId, zone, id }: NightQuestion): Statement {
  const [seriesId = '0', endedAt = '0'] = id.split('-');
  return { text: ONE, params: [userId, zone, seriesId, parameterOf(Number(endedAt))] };
}

const MINUTE_MS = 60_000;

export const toNightWithStages = (row: Row): NightWithStages => ({
  ...toNight(row),
  stages: ((row.stages ?? []) as Row[]).map(({ stage, started_at, ended_at, label }) => ({
    stage: String(stage),
    started_at: iso(started_at),
    ended_at: iso(ended_at),
    label: String(label),
    minutes: Math.round((instantOf(ended_at) - instantOf(started_at)) / (MINUTE_MS / 10)) / 10,
  })),
});
