import pMap from 'p-map';
import type { Bed } from './bed.ts';
import { smallSync } from './payloads.ts';
import type { Report } from './report.ts';
import { quantile } from './statistics.ts';

/** What a phone sends every few minutes. */

const POSTS = 200;

export async function measureSmallSync(bed: Bed, report: Report): Promise<void> {
  await bed.empty();
  let next = 0;
  const once = async () => (await bed.upload(smallSync(next++))).ms;
  await pMap(Array(20).fill(null), once, { concurrency: 1 });
  for (const concurrency of [1, 8]) {
    const times = await pMap(Array(POSTS).fill(null), once, { concurrency });
    const [p50, p95] = [quantile(times, 0.5), quantile(times, 0.95)];
    report.add(
      `small sync, 30 KB, 60 metrics, ${POSTS} posts, ${concurrency === 1 ? 'one after the other' : `${concurrency} at once`}`,
      `p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, no error`,
      'print; no error',
      true,
    );
  }
}
