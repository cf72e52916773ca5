import { type Bed, makeBed, readBody } from './bed.ts';
import { peakMemory } from './memory.ts';
import { bodyFile, historyPosts } from './payloads.ts';
import * as records from './records.ts';
import type { Report } from './report.ts';

/** The largest things the app sends besides samples, from the POST to the closed receipt. */

const MB = 1_000_000;
const encode = (body: object, indent = 0): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(body, null, indent));

const BODIES = {
  'one workout with 20,000 route points': encode(
    records.payload({ workouts: [records.workout(20_000)] }),
  ),
  '20 electrocardiograms': encode(
    records.payload({ ecg: records.many(20, (i) => records.ecg(i)) }),
    2,
  ),
  '741 sleep segments': encode(
    records.metricPayload('sleep_analysis', 'hr', records.many(741, records.segment)),
  ),
};

export async function measureSections(bed: Bed, report: Report): Promise<void> {
  await bed.empty();
  for (const [what, body] of Object.entries(BODIES)) {
    const first = await bed.upload(body);
    const again = await bed.upload(salted(body));
    if (again.receipt.totals.unchanged !== first.receipt.totals.received) {
      throw new Error(`Not all was unchanged: ${JSON.stringify(again.receipt.totals)}`);
    }
    report.add(
      `${what}, ${(body.length / MB).toFixed(1)} MB`,
      `${first.ms.toFixed(0)} ms; once more, with nothing new: ${again.ms.toFixed(0)} ms`,
      'print',
    );
  }
  await measureHistory(bed, report);
}

/** The same payload in other bytes, so that it is not taken for a repetition. */
const salted = (body: Uint8Array): Uint8Array => Buffer.concat([body, Buffer.from('\n')]);

async function measureHistory(bed: Bed, report: Report): Promise<void> {
  let ms = 0;
  let bytes = 0;
  let samples = 0;
  for (const spec of historyPosts()) {
    const body = readBody((await bodyFile(spec)).path);
    const { ms: taken, receipt } = await bed.upload(body);
    ms += taken;
    bytes += body.length;
    samples += receipt.totals.inserted;
  }
  report.add(
    `three years of 40 metrics, ${(bytes / MB).toFixed(0)} MB in ${historyPosts().length} posts, ${(samples / 1e6).toFixed(1)} million samples`,
    `${(ms / 1000).toFixed(0)} s (${(samples / ms).toFixed(0)} k rows/s, ${(bytes / MB / (ms / 1000)).toFixed(1)} MB/s)`,
    'print',
  );
}

/** What both Workers hold while the largest items pass. */
export async function measureSectionMemory(databaseUrl: string, report: Report): Promise<void> {
  const body = BODIES['20 electrocardiograms'];
  for (const worker of ['api', 'consumer'] as const) {
    const bed = await makeBed(databaseUrl, { inspectorPort: 0 });
    try {
      const { above, total } = await peakMemory({ stack: bed.stack, worker }, async () => {
        await bed.upload(worker === 'api' ? body : salted(body));
      });
      report.add(
        `peak of the ${worker} isolate's heap and buffers while 20 electrocardiograms pass, above idle`,
        `${above.toFixed(1)} MB (${total.toFixed(1)} in all)`,
        worker === 'api' ? '≤ 32 MB' : '≤ 96 MB: an isolate has 128',
        above <= (worker === 'api' ? 32 : 96),
      );
    } finally {
      await bed.stop();
    }
  }
}
