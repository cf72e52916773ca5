/** What ten years of a person with a watch, a phone and a glucose sensor come to: some 13,700 samples a day. */

interface HistorySeries {
  metric: string;
  source: string;
  grouping: 'default' | 'minutes' | 'hours' | 'days';
  /** A sample each so many seconds … */
  every: number;
  /** … but for this share of them, which the device did not take. */
  share: number;
  /** Values lie between. */
  from: number;
  to: number;
}

const WATCH = 'Ada Watch';
const PHONE = 'Ada iPhone';

const series = (
  metric: string,
  source: string,
  [every, share]: [number, number],
  [from, to]: [number, number],
  grouping: HistorySeries['grouping'] = 'minutes',
): HistorySeries => ({ metric, source, grouping, every, share, from, to });

export const HISTORY: readonly HistorySeries[] = [
  series('heart_rate', WATCH, [10, 0.8], [50, 140], 'default'),
  series('heart_rate', 'Chest Strap', [60, 0.02], [90, 160], 'default'),
  series('step_count', WATCH, [60, 0.35], [1, 120]),
  series('step_count', PHONE, [60, 0.25], [1, 120]),
  series('step_count', `${WATCH}|${PHONE}`, [86_400, 1], [4_000, 12_000], 'days'),
  series('walking_running_distance', WATCH, [60, 0.35], [0, 0.1]),
  series('walking_running_distance', PHONE, [60, 0.25], [0, 0.1]),
  series('active_energy', WATCH, [60, 0.95], [0, 9]),
  series('basal_energy_burned', WATCH, [60, 0.95], [1, 1.4]),
  series('physical_effort', WATCH, [60, 0.9], [1, 6]),
  series('environmental_audio_exposure', WATCH, [60, 0.4], [30, 90]),
  series('headphone_audio_exposure', PHONE, [60, 0.15], [40, 90]),
  series('respiratory_rate', WATCH, [300, 0.35], [12, 18]),
  series('blood_oxygen_saturation', WATCH, [300, 0.3], [93, 100]),
  series('blood_glucose', 'Sensor', [300, 0.95], [4, 9]),
  series('heart_rate_variability', WATCH, [3_600, 0.6], [20, 90]),
  series('walking_speed', PHONE, [600, 0.3], [3, 6]),
  series('resting_heart_rate', WATCH, [86_400, 1], [50, 65], 'days'),
  series('weight_body_mass', 'Scale', [86_400, 0.7], [68, 74], 'default'),
  series('dietary_water', 'App', [7_200, 0.4], [100, 400]),
];

export const METRICS_OF_HISTORY = [...new Set(HISTORY.map(({ metric }) => metric))];

export const LAST_YEAR = 2025;
export const ZONE = 'Europe/Berlin';
/** Of all years together. */
export const ROUTES = 5_000;
