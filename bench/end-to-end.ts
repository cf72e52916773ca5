import { type Bed, readBody } from './bed.ts';
import { bodyFile } from './payloads.ts';
import type { Report } from './report.ts';
import { copy, copyText, decodeBody } from './rows.ts';

/** From the POST to the closed receipt, waits in the queue included. */

const MB = 1_000_000;

async function walPosition({ client }: Bed): Promise<string> {
  const { rows } = await client.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn');
  return rows[0]?.lsn ?? '';
}

async function walSince({ client }: Bed, start: string): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(
    'select pg_wal_lsn_diff(pg_current_wal_lsn(), $1) as bytes',
    [start],
  );
  return Number(rows[0]?.bytes);
}

interface Timed {
  ms: number;
  wal: number;
  rows: number;
}

async function upload(bed: Bed, body: Uint8Array): Promise<Timed> {
  await bed.client.query('checkpoint');
  const start = await walPosition(bed);
  const { ms, receipt } = await bed.upload(body);
  return { ms, wal: await walSince(bed, start), rows: receipt.totals.received };
}

async function copyRate(bed: Bed, body: Uint8Array): Promise<number> {
  const decoded = decodeBody(body);
  const text = copyText(decoded);
  await bed.empty();
  return decoded.rows / (await copy(bed.client, text));
}

/** Bytes of a sample, with the index, over all partitions. */
async function bytesARow(bed: Bed): Promise<number> {
  const { rows } = await bed.client.query<{ bytes: string }>(
    `select sum(pg_total_relation_size(inhrelid)) / (select count(*) from samples) as bytes
     from pg_inherits where inhparent = 'samples'::regclass`,
  );
  return Number(rows[0]?.bytes);
}

export async function measureEndToEnd(bed: Bed, report: Report): Promise<void> {
  const spec = { bytes: 20 * MB, seed: 1 };
  const twenty = readBody((await bodyFile(spec)).path);
  const shuffled = readBody((await bodyFile({ ...spec, shuffled: true })).path);
  // Makes the partitions, and warms the Workers up.
  await bed.upload(twenty);

  const ceiling = await copyRate(bed, twenty);
  await bed.empty();
  const first = await upload(bed, twenty);
  report.addRatio({ what: 'end to end, 20 MB', rate: first.rows / first.ms, ceiling, reach: 0.2 });
  const size = await bytesARow(bed);
  report.add('storage, with the index', `${size.toFixed(0)} bytes a sample`, '≤ 110', size <= 110);

  const again = await upload(bed, shuffled);
  const speed = first.ms / again.ms;
  const wal = again.wal / first.wal;
  report.add(
    're-send of the same 20 MB, keys shuffled',
    `${speed.toFixed(2)} × the first load (${(again.rows / again.ms).toFixed(0)} k rows/s)`,
    '≥ 1.5 ×',
    speed >= 1.5,
  );
  report.add(
    'WAL of the re-send',
    `${(wal * 100).toFixed(1)} % of the first load's ${(first.wal / MB).toFixed(0)} MB`,
    '< 5 %',
    wal < 0.05,
  );

  const hundred = readBody((await bodyFile({ bytes: 100 * MB, seed: 2 })).path);
  const ceilingOfHundred = await copyRate(bed, hundred);
  await bed.empty();
  const large = await upload(bed, hundred);
  report.addRatio({
    what: `end to end, 100 MB (${(large.rows / 1e6).toFixed(2)} million samples)`,
    rate: large.rows / large.ms,
    ceiling: ceilingOfHundred,
    reach: 0.3,
  });
}
