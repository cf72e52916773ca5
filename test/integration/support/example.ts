/** What a body of the app says, read in the plainest way: an oracle for what must be in the database. */

type Fields = Record<string, unknown>;

interface Body {
  data: { metrics: { name: string; units: string; data: Fields[] }[] };
}

export interface SentPoint {
  /** Unix milliseconds. */
  at: number;
  /** In the order of the columns: average before minimum and maximum, systolic before diastolic and pulse. */
  numbers: number[];
}

/** Metric by metric its points, oldest first, energy in kcal. Nights are left out: the corpus has them. */
export const sentIn = (body: Buffer): [metric: string, points: SentPoint[]][] =>
  (JSON.parse(body.toString()) as Body).data.metrics
    .filter(({ name }) => name !== 'sleep_analysis')
    .map(({ name, units, data }) => [
      name,
      data
        .map((point) => ({ at: instantOf(point), numbers: numbersOf(point, units) }))
        .toSorted((a, b) => a.at - b.at),
    ]);

/** `2026-03-03 07:00:00 +0100` */
const instantOf = ({ date }: Fields): number =>
  Date.parse(String(date).replace(/^(\S+) (\S+) (...)(..)$/, '$1T$2$3:$4'));

const numbersOf = (point: Fields, units: string): number[] =>
  ['qty', 'Avg', 'Min', 'Max', 'systolic', 'diastolic', 'pulse']
    .filter((field) => field in point)
    .map((field) => Number(point[field]) / (units === 'kJ' ? 4.184 : 1));
