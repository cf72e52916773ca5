import { XMLParser } from 'fast-xml-parser';
import { numberOrText, type Table, words } from './table.ts';
import { type CsvWorkout, camelCase } from './workouts-table.ts';

/** Files that belong to one workout: a series or a way each, named `<workout>-<what>-<yyyymmdd>_<hhmmss>`. Pure. */

export interface WorkoutPart {
  /** Of the file, for when no workout is found for it. */
  file: string;
  workout: string;
  /** `yyyymmddhhmmss`, by the phone's clock. */
  start: string;
  /** The field of the workout that it fills. */
  field: string;
  points: Record<string, unknown>[];
}

/** What it is begins with a letter: tables of a span of time have two stamps in their names. */
const FILE_NAME = /([^/]+)-(\p{L}[^-/]*)-(\d{8})_(\d{6})\.\w+$/u;

const FIELDS = words({
  route: 'route',
  'heart rate': 'heartRateData',
  'heart rate recovery': 'heartRateRecovery',
  'resting energy': 'basalEnergy',
  'walking + running distance': 'walkingAndRunningDistance',
  'swimming distance': 'swimDistance',
  'swimming stroke count': 'swimStroke',
});

const identityOf = (file: string): Omit<WorkoutPart, 'points'> | null => {
  const [, workout, what = '', day, time] = FILE_NAME.exec(file) ?? [];
  if (workout === undefined) return null;
  const field = FIELDS.get(what.toLowerCase()) ?? camelCase(what);
  return { file, workout, start: `${day}${time}`, field };
};

/** `null` if the name says nothing of a workout. */
export function partOfTable(file: string, table: Table): WorkoutPart | null {
  const identity = identityOf(file);
  if (identity === null) return null;
  const point = identity.field === 'route' ? routePoint : seriesPoint;
  return { ...identity, points: table.rows.map((row) => point(table, row)) };
}

/** Columns such as `Date/Time`, `Min (bpm)`, `Active Energy (kJ)`, `Context` and `Source`. */
function seriesPoint({ columns }: Table, row: string[]): Record<string, unknown> {
  const point: Record<string, unknown> = { date: row[0] };
  columns.forEach(({ name, unit }, i) => {
    const cell = row[i] ?? '';
    if (i === 0 || cell === '') return;
    if (unit === '') point[name.toLowerCase()] = cell;
    else {
      point[['Min', 'Max', 'Avg'].includes(name) ? name : 'qty'] = numberOrText(cell);
      point.units = unit;
    }
  });
  return point;
}

const routePoint = ({ columns }: Table, row: string[]): Record<string, unknown> =>
  Object.fromEntries(
    columns.flatMap(({ name }, i) => {
      const cell = row[i] ?? '';
      const field = camelCase(name);
      return cell === '' ? [] : [[field, field === 'timestamp' ? cell : numberOrText(cell)]];
    }),
  );

/** GPX 1.1 as the app and Apple write it: one track, speed and accuracies as extensions. `null` if it is none. */
export function partOfGpx(file: string, xml: string): WorkoutPart | null {
  const identity = identityOf(file);
  if (identity === null) return null;
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    removeNSPrefix: true,
    processEntities: false,
    isArray: (name) => ['trk', 'trkseg', 'trkpt'].includes(name),
  });
  try {
    const tracks = listOf(parser.parse(xml)?.gpx?.trk);
    const points = tracks
      .flatMap((track) => listOf(Object(track).trkseg))
      .flatMap((segment) => listOf(Object(segment).trkpt))
      .map(gpxPoint);
    return points.length === 0 ? null : { ...identity, field: 'route', points };
  } catch {
    return null;
  }
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function gpxPoint(raw: unknown): Record<string, unknown> {
  const { lat, lon, ele, time, extensions = {} } = Object(raw);
  const { speed, course, hAcc, vAcc } = Object(extensions);
  const all = { lat, lon, altitude: ele, timestamp: time, speed, course, hAcc, vAcc };
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => typeof value === 'string' && value !== ''),
  );
}

/** Puts the parts into their workouts. @returns those that found none. */
export function attach(workouts: CsvWorkout[], parts: readonly WorkoutPart[]): WorkoutPart[] {
  return parts.filter((part) => {
    const owner = workouts.find(
      ({ name, start }) =>
        name.toLowerCase() === part.workout.toLowerCase() &&
        part.start.startsWith(start.replace(/\D/g, '').slice(0, part.start.length)),
    );
    if (owner === undefined) return true;
    // The way comes as CSV and as GPX: one of them will do.
    if (!Object.hasOwn(owner, part.field)) owner[part.field] = part.points;
    return false;
  });
}
