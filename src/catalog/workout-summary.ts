/** What a workout is summed up in: the columns of `workouts`, and the fields of the app that fill them. Data. */

export interface SummaryColumn {
  column: string;
  /** What the column holds, whatever the app sent. */
  unit: string;
  /** The first of these that is there counts. */
  fields: readonly string[];
}

/** Fields are `{ qty, units }` or a bare number. A dot leads into an object. */
export const SUMMARY_COLUMNS: readonly SummaryColumn[] = [
  { column: 'duration_s', unit: 's', fields: ['duration'] },
  { column: 'active_energy_kcal', unit: 'kcal', fields: ['activeEnergyBurned', 'activeEnergy'] },
  { column: 'basal_energy_kcal', unit: 'kcal', fields: ['basalEnergy', 'restingEnergy'] },
  { column: 'total_energy_kcal', unit: 'kcal', fields: ['totalEnergy'] },
  // `intesity` is how the app's documentation spells it.
  { column: 'intensity_met', unit: 'kcal/hr·kg', fields: ['intensity', 'intesity'] },
  { column: 'distance_km', unit: 'km', fields: ['distance'] },
  { column: 'speed_km_hr', unit: 'km/hr', fields: ['speed'] },
  { column: 'avg_speed_km_hr', unit: 'km/hr', fields: ['avgSpeed'] },
  { column: 'max_speed_km_hr', unit: 'km/hr', fields: ['maxSpeed'] },
  { column: 'elevation_up_m', unit: 'm', fields: ['elevationUp', 'elevation.ascent'] },
  { column: 'elevation_down_m', unit: 'm', fields: ['elevationDown', 'elevation.descent'] },
  { column: 'heart_rate_min', unit: 'count/min', fields: ['heartRate.min'] },
  { column: 'heart_rate_avg', unit: 'count/min', fields: ['heartRate.avg', 'avgHeartRate'] },
  { column: 'heart_rate_max', unit: 'count/min', fields: ['heartRate.max', 'maxHeartRate'] },
  { column: 'step_count', unit: 'count', fields: ['stepCount'] },
  { column: 'step_cadence', unit: 'count/min', fields: ['stepCadence'] },
  { column: 'flights_climbed', unit: 'count', fields: ['flightsClimbed'] },
  { column: 'swim_strokes', unit: 'count', fields: ['totalSwimmingStrokeCount'] },
  { column: 'swim_cadence', unit: 'count/min', fields: ['swimCadence'] },
  { column: 'lap_length_m', unit: 'm', fields: ['lapLength'] },
  { column: 'swolf_score', unit: 'count', fields: ['swolfScore'] },
  { column: 'temperature_c', unit: 'degC', fields: ['temperature'] },
  { column: 'humidity_percent', unit: '%', fields: ['humidity'] },
];

/** Columns that hold words, and `is_indoor`. */
export const SUMMARY_WORDS = [
  { column: 'location', field: 'location' },
  { column: 'stroke_style', field: 'strokeStyle' },
  { column: 'salinity', field: 'salinity' },
] as const;

/** Arrays of points inside a workout, and the metric that they are of. */
export const WORKOUT_SERIES: Readonly<Record<string, { metric: string; context: string }>> = {
  heartRateData: { metric: 'heart_rate', context: '' },
  heartRateRecovery: { metric: 'heart_rate', context: 'recovery' },
  activeEnergy: { metric: 'active_energy', context: '' },
  basalEnergy: { metric: 'basal_energy_burned', context: '' },
  stepCount: { metric: 'step_count', context: '' },
  walkingAndRunningDistance: { metric: 'walking_running_distance', context: '' },
  cyclingCadence: { metric: 'cycling_cadence', context: '' },
  cyclingDistance: { metric: 'cycling_distance', context: '' },
  cyclingPower: { metric: 'cycling_power', context: '' },
  cyclingSpeed: { metric: 'cycling_speed', context: '' },
  swimDistance: { metric: 'swimming_distance', context: '' },
  swimStroke: { metric: 'swimming_stroke_count', context: '' },
  runningPower: { metric: 'running_power', context: '' },
  runningSpeed: { metric: 'running_speed', context: '' },
  runningStrideLength: { metric: 'running_stride_length', context: '' },
  runningVerticalOscillation: { metric: 'running_vertical_oscillation', context: '' },
  runningGroundContactTime: { metric: 'running_ground_contact_time', context: '' },
};
