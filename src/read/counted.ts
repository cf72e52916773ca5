/** Of a longer span most months may be empty. */
const LONG_DAYS = 730;

/**
 * The samples that count (migrations/0012) of the metrics in `asked` that fulfil the condition, within `bounds`: month by
 * month, from the first sample to the last, so that each step is planned for its partition and its sources. $1 person, $8 sources, $9 groupings.
 */
export const countedSamples = (condition: string, tiers: string): string => `
  select asked.metric, asked.adds, counted.*
  from asked
  cross join bounds
  left join lateral (
    select first, last from sample_span($1::uuid, asked.metric) where last_day - first_day > ${LONG_DAYS}
  ) as known on true
  cross join lateral generate_series(
    date_trunc('month', greatest(first_day, (known.first at time zone zone)::date - 1)::timestamp),
    least(last_day, (known.last at time zone zone)::date + 1)::timestamp,
    '1 month'
  ) as month
  cross join lateral counted_samples(
    $1::uuid, asked.metric, zone,
    greatest(lower_at, day_begins(month::date, zone)),
    least(upper_at, day_begins((month + interval '1 month')::date, zone)),
    $8::text[], $9::text[], '${tiers}'
  ) as counted
  where ${condition}`;

/** One number of each reading of blood pressure, where one of them is asked for by its name. */
export const COUNTED_PRESSURES = `
  select asked.metric, false as adds, series.id as series_id, (recorded_at at time zone zone)::date as day, recorded_at,
    part.value, part.value as min, part.value as max
  from asked
  cross join bounds
  join series on series.user_id = $1::uuid and series.metric = 'blood_pressure'
  join blood_pressure on series_id = series.id and recorded_at >= lower_at and recorded_at < upper_at
  cross join lateral (
    select case asked.metric
      when 'blood_pressure_systolic' then systolic
      when 'blood_pressure_diastolic' then diastolic
      when 'blood_pressure_pulse' then pulse
    end as value
  ) as part
  where part.value is not null
    and ($8::text[] is null or series.source = any ($8::text[]))
    and ($9::text[] is null or series.grouping = any ($9::text[]))`;

/** Parts of a reading, asked for as metrics of their own, and their unit. */
export const PRESSURES: Readonly<Record<string, string>> = {
  blood_pressure_systolic: 'mmHg',
  blood_pressure_diastolic: 'mmHg',
  blood_pressure_pulse: 'count/min',
};
