import { pointsOfGpx } from './gpx.ts';
import { type Column, numberOrText, type Row, type Table, words } from './table.ts';
import { type CsvWorkout, camelCase } from './workouts-table.ts';

/** Files that belong to one workout: a series or a route each, named `<workout>-<what>-<yyyymmdd>_<hhmmss>`. Pure. */

export interface WorkoutPart extends PartName {
  /** Of the file, for when no workout is found for it. */
  file: string;
  /** Reads the file once more, from its beginning. */
  batches(): AsyncGenerator<object[]>;
}

interface PartName {
  workout: string;
  /** `yyyymmddhhmmss`, by the phone's clock. */
  start: string;
  /** The field of the workout that it fills. */
  field: string;
}

const STAMP = /-(\d{8})_(\d{6})\.\w+$/;
const START_CHARACTERS = 14;

const FIELDS = words({
  route: 'route',
  'heart rate': 'heartRateData',
  'heart rate recovery': 'heartRateRecovery',
  'resting energy': 'basalEnergy',
  'walking + running distance': 'walkingAndRunningDistance',
  'swimming distance': 'swimDistance',
  'swimming stroke count': 'swimStroke',
});

/** @returns `null` if the name says nothing of a workout. */
export function partName(file: string): PartName | null {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const stamp = STAMP.exec(name);
  if (stamp === null) return null;
  const rest = name.slice(0, stamp.index);
  const dash = rest.lastIndexOf('-');
  const what = rest.slice(dash + 1);
  // What it is begins with a letter: tables of a span of time have two stamps in their names.
  if (dash < 1 || !/^\p{L}/u.test(what)) return null;
  return {
    workout: rest.slice(0, dash),
    start: `${stamp[1]}${stamp[2]}`,
    field: FIELDS.get(what.toLowerCase()) ?? camelCase(what),
  };
}

export const partOfTable = (file: string, name: PartName, table: Table): WorkoutPart => ({
  ...name,
  file,
  async *batches() {
    const point = name.field === 'route' ? routePoint : seriesPoint;
    for await (const rows of table.batches()) yield rows.map((row) => point(table.columns, row));
  },
});

/** Columns such as `Date/Time`, `Min (bpm)`, `Active Energy (kJ)`, `Context` and `Source`. */
function seriesPoint(columns: readonly Column[], row: Row): object {
  const point: Record<string, unknown> = { date: row[0] };
  row.forEach((cell, i) => {
    const column = columns[i];
    if (i === 0 || cell === '' || column === undefined) return;
    const { name, unit } = column;
    if (unit === '') point[name.toLowerCase()] = cell;
    else {
      point[['Min', 'Max', 'Avg'].includes(name) ? name : 'qty'] = numberOrText(cell);
      point.units = unit;
    }
  });
  return point;
}

const routePoint = (columns: readonly Column[], row: Row): object =>
  Object.fromEntries(
    row.flatMap((cell, i) => {
      const column = columns[i];
      if (cell === '' || column === undefined) return [];
      const field = camelCase(column.name);
      return [[field, field === 'timestamp' ? cell : numberOrText(cell)]];
    }),
  );

/** @returns `null` if it is no GPX with a point in it. */
export async function partOfGpx(
  file: string,
  name: PartName,
  textOf: () => Promise<string>,
): Promise<WorkoutPart | null> {
  let points = 0;
  try {
    for await (const batch of pointsOfGpx(await textOf())) points += batch.length;
  } catch {
    return null;
  }
  const batches = async function* () {
    yield* pointsOfGpx(await textOf());
  };
  return points === 0 ? null : { ...name, file, field: 'route', batches };
}

/**
 * Parts, to be found by their workout. Its start may say less than the name of the file does: a part belongs to the
 * first workout of its name whose start is the beginning of its own.
 */
export class PartsByWorkout {
  readonly #left: Set<WorkoutPart>;
  /** By how many digits the start has, then by name and these digits. Made as workouts ask for them. */
  readonly #byDigits = new Map<number, Map<string, WorkoutPart[]>>();

  constructor(parts: readonly WorkoutPart[]) {
    this.#left = new Set(parts);
  }

  /** Parts of no workout, so far. */
  get left(): WorkoutPart[] {
    return [...this.#left];
  }

  /** The parts of a workout, which are then no other's: one for each field, since a route comes as CSV and as GPX. */
  take(workout: CsvWorkout): WorkoutPart[] {
    const { name, start } = workout;
    const digits = start.replace(/\D/g, '').slice(0, START_CHARACTERS);
    const key = keyOf(name, digits);
    const index = this.#byDigits.get(digits.length) ?? this.#indexBy(digits.length);
    const found = index.get(key)?.filter((part) => this.#left.delete(part)) ?? [];
    index.delete(key);
    const filled = new Set(Object.keys(workout));
    return found.filter(({ field }) => !filled.has(field) && filled.add(field));
  }

  #indexBy(digits: number): Map<string, WorkoutPart[]> {
    const index = Map.groupBy(this.#left, ({ workout, start }) =>
      keyOf(workout, start.slice(0, digits)),
    );
    this.#byDigits.set(digits, index);
    return index;
  }
}

const keyOf = (workout: string, digits: string): string => `${digits} ${workout.toLowerCase()}`;
