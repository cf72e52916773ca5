import type { Sample, SeriesIdentity, WorkoutSeries } from '../../model.ts';
import { fingerprintOf, fingerprintOfNumbers } from '../fingerprint.ts';
import { type Heading, readHeading } from '../heading.ts';
import type { ItemPlace } from '../item.ts';
import { PointDecoder } from '../point-decoder.ts';
import { samples } from '../settle.ts';
import { SeriesShelf } from '../shelf.ts';

/** The series inside a workout: an array of points, each with a unit of its own. Pure. */

/** @param place of the array. Points that cannot be read are named one by one; the workout is stored without them. */
export function readWorkoutSeries(
  { metric, context }: { metric: string; context: string },
  points: readonly unknown[],
  { section, pointer, context: decodeContext, collector }: ItemPlace,
): WorkoutSeries[] {
  const shelf = new SeriesShelf(samples);
  const decoders = new Map<unknown, PointDecoder | null>();
  const decoderFor = (units: unknown): PointDecoder | null => {
    const known = decoders.get(units);
    if (known !== undefined) return known;
    const heading: Heading | string = readHeading(metric, units, 'workout', context);
    const decoder =
      typeof heading === 'string' ? null : new PointDecoder(heading, decodeContext, collector);
    decoders.set(units, decoder);
    return decoder;
  };

  points.forEach((point, i) => {
    const decoder = decoderFor(Object(point).units);
    const decoded =
      decoder?.decode(point, (code) => collector.remark(section, `${pointer}/${i}`, code)) ??
      'text_too_long';
    const code = typeof decoded === 'string' ? decoded : null;
    const sample = typeof decoded === 'string' ? null : decoded.sample;
    if (sample === null || typeof decoded === 'string') {
      collector.leaveOut(section, `${pointer}/${i}`, code ?? 'unrecognised_shape');
    } else shelf.add(decoded.series, sample);
  });
  return shelf
    .settled(() => {})
    .map(({ series, raiseOnly, rows }) => ({
      series,
      raiseOnly,
      rows,
      points: rows.length,
      fingerprint: fingerprintOf([identityOf(series), fingerprintOfNumbers(numbersOf(rows))]),
    }));
}

const identityOf = ({ metric, source, context, unit }: SeriesIdentity) => [
  metric,
  source,
  context,
  unit,
];

const numbersOf = (rows: readonly Sample[]): (number | null)[] =>
  rows.flatMap(({ recordedAt, value, min, max }) => [recordedAt, value, min, max]);
