import { type Bed, readBody } from './bed.ts';
import { type BodySpec, bodyFile } from './payloads.ts';
import type { Report } from './report.ts';
import { copy, copyText, decodeBody } from './rows.ts';
import { median, range, ratios } from './statistics.ts';
import { type Wal, walOf } from './wal.ts';

/** From the POST to the closed receipt, waits in the queue included. */

const MB = 1_000_000;
const TWENTY = { bytes: 20 * MB, seed: 1 } satisfies BodySpec;
const HUNDRED = { bytes: 100 * MB, seed: 2 } satisfies BodySpec;

const RESENT = [
  { shuffled: 'keys', how: 'keys in another order' },
  { shuffled: true, how: 'keys and points in another order' },
] as const;

interface Timed {
  ms: number;
  wal: Wal;
}

/** @throws if not every row became what it should: then something else was measured. */
async function upload(
  bed: Bed,
  body: Uint8Array,
  expected: 'inserted' | 'unchanged',
): Promise<Timed> {
  const { result, wal } = await walOf(bed.client, () => bed.upload(body));
  const { totals } = result.receipt;
  if (totals.received === 0 || totals[expected] !== totals.received) {
    throw new Error(`Not all rows were ${expected}: ${JSON.stringify(totals)}`);
  }
  return { ms: result.ms, wal };
}

const bodyOf = async (spec: BodySpec) => readBody((await bodyFile(spec)).path);

/** Bytes of a sample, with the index, over all partitions. */
async function bytesARow(bed: Bed): Promise<number> {
  const { rows } = await bed.client.query<{ bytes: string }>(
    `select sum(pg_total_relation_size(inhrelid)) / (select count(*) from samples) as bytes
     from pg_inherits where inhparent = 'samples'::regclass`,
  );
  return Number(rows[0]?.bytes);
}

async function measureTwenty(bed: Bed, report: Report, rounds: number): Promise<void> {
  const body = await bodyOf(TWENTY);
  const resent = await Promise.all(
    RESENT.map(async ({ shuffled, how }) => ({
      how,
      body: await bodyOf({ ...TWENTY, shuffled }),
      loads: [] as Timed[],
    })),
  );
  const decoded = decodeBody(body);
  const text = copyText(decoded);
  const copies: number[] = [];
  const loads: Timed[] = [];
  const sizes: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await bed.empty();
    copies.push(await copy(bed.client, text));
    await bed.empty();
    loads.push(await upload(bed, body, 'inserted'));
    sizes.push(await bytesARow(bed));
    for (const each of resent) each.loads.push(await upload(bed, each.body, 'unchanged'));
  }

  const times = loads.map(({ ms }) => ms);
  report.addShareOfCopy({
    what: 'end to end, 20 MB',
    rows: decoded.rows,
    copies,
    times,
    reach: 0.2,
  });
  const size = median(sizes);
  report.add('storage, with the index', `${size.toFixed(0)} bytes a sample`, '≤ 110', size <= 110);
  for (const { how, loads: again } of resent) {
    const what = `re-send of the same 20 MB, ${how}`;
    reportResent(report, { what, rows: decoded.rows, first: loads, again });
  }
}

function reportResent(
  report: Report,
  {
    what,
    rows,
    first,
    again,
  }: { what: string; rows: number; first: readonly Timed[]; again: readonly Timed[] },
): void {
  const times = again.map(({ ms }) => ms);
  const speeds = ratios(
    first.map(({ ms }) => ms),
    times,
  );
  const speed = median(speeds);
  report.add(
    what,
    `${speed.toFixed(2)} × the first load${range(speeds)} (${(rows / median(times)).toFixed(0)} k rows/s)`,
    '≥ 1.5 ×',
    speed >= 1.5,
  );
  const [wal, before] = [walOfRounds(again), walOfRounds(first)];
  const share = wal.bytes / before.bytes;
  report.add(
    `WAL of the ${what}`,
    `${(share * 100).toFixed(2)} % of the first load's ${written(before)}: ${written(wal)}`,
    '< 5 %',
    share < 0.05,
  );
}

const walOfRounds = (loads: readonly Timed[]): Wal => ({
  bytes: median(loads.map(({ wal }) => wal.bytes)),
  imageBytes: loads.some(({ wal }) => wal.imageBytes === null)
    ? null
    : median(loads.map(({ wal }) => wal.imageBytes ?? 0)),
});

const written = ({ bytes, imageBytes }: Wal): string =>
  `${(bytes / MB).toFixed(2)} MB${
    imageBytes === null ? '' : ` (${(imageBytes / MB).toFixed(2)} of them page images)`
  }`;

async function measureHundred(bed: Bed, report: Report, rounds: number): Promise<void> {
  const body = await bodyOf(HUNDRED);
  const decoded = decodeBody(body);
  const text = copyText(decoded);
  const { rows } = decoded;
  const copies: number[] = [];
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await bed.empty();
    copies.push(await copy(bed.client, text));
    await bed.empty();
    times.push((await upload(bed, body, 'inserted')).ms);
  }
  const what = `end to end, 100 MB (${(rows / 1e6).toFixed(2)} million samples)`;
  report.addShareOfCopy({ what, rows, copies, times, reach: 0.3 });
}

export async function measureEndToEnd(bed: Bed, report: Report, rounds: number): Promise<void> {
  // Makes the partitions, and warms the Workers up.
  await bed.upload(await bodyOf(TWENTY));
  await measureTwenty(bed, report, rounds);
  await measureHundred(bed, report, rounds);
}
