/**
 * A unit against the base unit of its dimension: `base = (value × multiply + add) ÷ divide`. Whole numbers, because
 * 170 ÷ 100 is 1.7 where 170 × 0.01 is 1.7000000000000002.
 */
export type Scale = readonly [multiply: number, divide: number, add?: number];

/** Every unit that is understood, by dimension. A spelling belongs to one dimension only. */
export const UNITS: Readonly<Record<string, Readonly<Record<string, Scale>>>> = {
  // The thermochemical calorie, as Apple counts: 1 kcal is 4.184 kJ.
  energy: { kcal: [1, 1], Cal: [1, 1], cal: [1, 1000], kJ: [125, 523], J: [1, 4184] },
  length: {
    m: [1, 1],
    km: [1000, 1],
    cm: [1, 100],
    mm: [1, 1000],
    mi: [1_609_344, 1000],
    yd: [9144, 10_000],
    ft: [3048, 10_000],
    in: [254, 10_000],
  },
  mass: {
    g: [1, 1],
    kg: [1000, 1],
    mg: [1, 1000],
    mcg: [1, 1_000_000],
    µg: [1, 1_000_000],
    lb: [45_359_237, 100_000],
    oz: [45_359_237, 1_600_000],
    st: [635_029_318, 100_000],
  },
  speed: {
    'm/s': [1, 1],
    'km/hr': [1000, 3600],
    'km/h': [1000, 3600],
    kmph: [1000, 3600],
    'mi/hr': [1_609_344, 3_600_000],
    mph: [1_609_344, 3_600_000],
    'ft/s': [3048, 10_000],
    'm/hr': [1, 3600],
  },
  rate: {
    'count/min': [1, 1],
    bpm: [1, 1],
    spm: [1, 1],
    rpm: [1, 1],
    'breaths/min': [1, 1],
    'count/s': [60, 1],
  },
  temperature: {
    degC: [1, 1],
    '°C': [1, 1],
    degF: [5, 9, -160],
    '°F': [5, 9, -160],
    K: [100, 100, -27_315],
  },
  // 133.322387415 Pa to the millimetre of mercury, 98.0665 Pa to the centimetre of water.
  pressure: {
    mmHg: [1, 1],
    kPa: [1_000_000_000_000, 133_322_387_415],
    cmAq: [98_066_500_000, 133_322_387_415],
  },
  // Holds for glucose alone: 180.156 g/mol.
  glucose: { 'mmol/L': [1, 1], 'mg/dL': [10_000, 180_156] },
  volume: {
    mL: [1, 1],
    ml: [1, 1],
    L: [1000, 1],
    fl_oz_us: [473_176_473, 16_000_000],
    fl_oz_imp: [284_130_625, 10_000_000],
    cup_us: [473_176_473, 2_000_000],
    pt_us: [473_176_473, 1_000_000],
  },
  flow: { 'L/min': [1, 1] },
  time: {
    s: [1, 1],
    sec: [1, 1],
    ms: [1, 1000],
    min: [60, 1],
    hr: [3600, 1],
    h: [3600, 1],
    hours: [3600, 1],
  },
  power: { W: [1, 1], watts: [1, 1] },
  // One MET is defined as 1 kcal an hour and kilogram.
  intensity: {
    'kcal/hr·kg': [1, 1],
    'kcal/(kg·hr)': [1, 1],
    MET: [1, 1],
    METs: [1, 1],
  },
  oxygenUptake: { 'ml/(kg·min)': [1, 1], 'mL/min·kg': [1, 1], 'mL/kg/min': [1, 1] },
  sound: { dBASPL: [1, 1], dB: [1, 1] },
  voltage: { mcV: [1, 1], uV: [1, 1], µV: [1, 1], V: [1_000_000, 1] },
  conductance: { S: [1, 1], mcS: [1, 1_000_000], µS: [1, 1_000_000] },
  count: { count: [1, 1], steps: [1, 1], times: [1, 1], falls: [1, 1] },
  percentage: { '%': [1, 1] },
  insulin: { IU: [1, 1] },
};

/** Dimensions whose scale is true of one metric alone. */
export const HOLDS_FOR: Readonly<Record<string, string>> = { glucose: 'blood_glucose' };

/** Metrics that are counted in a word which elsewhere is a unit of its own. */
export const COUNTED_IN: Readonly<Record<string, string>> = { apple_stand_hour: 'hours' };

/** Lower-case spellings which capitals would make another unit: Cal, Mg, ML, Mm, Ms, S, µS. */
export const CASE_MATTERS: ReadonlySet<string> = new Set([
  'cal',
  'mg',
  'ml',
  'mm',
  'ms',
  's',
  'μs',
]);
