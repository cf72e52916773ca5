import { type Column, numberOrText, type Row, type Table, words } from './table.ts';

/** The app's table of workouts as workouts of a payload, in the words of version 2. Pure. */

export interface CsvWorkout {
  name: string;
  start: string;
  [field: string]: unknown;
}

const FIELDS = words({
  'workout type': 'name',
  type: 'name',
  start: 'start',
  end: 'end',
  'active energy': 'activeEnergyBurned',
  'resting energy': 'restingEnergy',
  'total energy': 'totalEnergy',
  intensity: 'intensity',
  'max. heart rate': 'maxHeartRate',
  'avg. heart rate': 'avgHeartRate',
  distance: 'distance',
  'max. speed': 'maxSpeed',
  'avg. speed': 'avgSpeed',
  'flights climbed': 'flightsClimbed',
  'elevation ascended': 'elevationUp',
  'elevation descended': 'elevationDown',
  'step count': 'stepCount',
  'step cadence': 'stepCadence',
  'swimming stroke count': 'totalSwimmingStrokeCount',
  'swim cadence': 'swimCadence',
  'lap length': 'lapLength',
  'swim stroke style': 'strokeStyle',
  'swolf score': 'swolfScore',
  'water salinity': 'salinity',
  temperature: 'temperature',
  humidity: 'humidity',
  location: 'location',
});

const WORDS: ReadonlySet<string> = new Set([
  'name',
  'start',
  'end',
  'strokeStyle',
  'salinity',
  'location',
]);

export const isWorkoutsTable = ({ columns }: Table): boolean => {
  const names = columns.map(({ name }) => name.toLowerCase());
  return ['workout type', 'type'].includes(names[0] ?? '') && names.includes('start');
};

export async function* workoutsOf({ columns, batches }: Table): AsyncGenerator<CsvWorkout> {
  for await (const rows of batches()) {
    for (const row of rows) yield workoutOf(columns, row);
  }
}

function workoutOf(columns: readonly Column[], row: Row): CsvWorkout {
  const fields = row.flatMap((cell, i) => {
    const column = columns[i];
    return column === undefined || column.name === '' || cell === '' ? [] : [fieldOf(column, cell)];
  });
  return { name: '', start: '', ...Object.fromEntries(fields) };
}

function fieldOf({ name, unit }: Column, cell: string): [string, unknown] {
  const lower = name.toLowerCase();
  if (lower === 'duration') return ['duration', secondsOf(cell)];
  const field = FIELDS.get(lower) ?? camelCase(name);
  if (WORDS.has(field)) return [field, cell];
  const value = numberOrText(cell);
  return typeof value === 'string' && unit === ''
    ? [field, value]
    : [field, { qty: value, units: unit }];
}

/** `00:31:24` */
function secondsOf(cell: string): number | string {
  const [, hours, minutes, seconds] = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(cell) ?? [];
  if (hours === undefined) return numberOrText(cell);
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

export const camelCase = (display: string): string =>
  display
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+(.)?/gu, (_, next: string | undefined) => (next ?? '').toUpperCase());
