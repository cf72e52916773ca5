import type { IssueCode, Sample, SeriesIdentity, WorkoutSeries } from '../../model.ts';
import { fingerprintOf, fingerprintOfNumbers } from '../fingerprint.ts';
import { readHeading } from '../heading.ts';
import type { ItemPlace } from '../item.ts';
import { type DecodedPoint, PointDecoder } from '../point-decoder.ts';
import { samples } from '../settle.ts';
import { SeriesShelf } from '../shelf.ts';

/** The series inside one workout: arrays of points, each point with a unit of its own. Pure. */
export class WorkoutSeriesReader {
  /** One for all arrays: two of them may mean the same metric. */
  readonly #shelf = new SeriesShelf(samples);

  /** @param place of the array. Points that cannot be read are named; the workout is stored without them. */
  read(
    { metric, context }: { metric: string; context: string },
    points: readonly unknown[],
    { section, pointer, context: decodeContext, collector }: ItemPlace,
  ): void {
    const decoders = new Map<unknown, PointDecoder | IssueCode>();
    const decoderFor = (units: unknown): PointDecoder | IssueCode => {
      const heading = readHeading(metric, units, 'workout', context);
      const made =
        typeof heading === 'string' ? heading : new PointDecoder(heading, decodeContext, collector);
      decoders.set(units, made);
      return made;
    };
    points.forEach((point, i) => {
      const place = `${pointer}/${i}`;
      const units = Object(point).units;
      const decoder = decoders.get(units) ?? decoderFor(units);
      const decoded: DecodedPoint | IssueCode =
        typeof decoder === 'string'
          ? decoder
          : decoder.decode(point, (code) => collector.remark(section, place, code));
      if (typeof decoded === 'string') collector.leaveOut(section, place, decoded);
      else if (decoded.sample !== null) this.#shelf.add(decoded.series, decoded.sample);
      else collector.leaveOut(section, place, 'unrecognised_shape');
    });
  }

  finish(): WorkoutSeries[] {
    return this.#shelf
      .settled(() => {})
      .map((batch) => ({
        ...batch,
        points: batch.rows.length,
        fingerprint: fingerprintOf([
          identityOf(batch.series),
          fingerprintOfNumbers(numbersOf(batch.rows)),
        ]),
      }));
  }
}

const identityOf = ({ metric, source, context, unit }: SeriesIdentity) => [
  metric,
  source,
  context,
  unit,
];

const numbersOf = (rows: readonly Sample[]): (number | null)[] =>
  rows.flatMap(({ recordedAt, value, min, max }) => [recordedAt, value, min, max]);
