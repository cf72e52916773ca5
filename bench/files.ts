import { strToU8, zipSync } from 'fflate';
import { makeBed, readBody } from './bed.ts';
import { peakMemory } from './memory.ts';
import { bodyFile } from './payloads.ts';
import * as records from './records.ts';
import type { Report } from './report.ts';

/** What the API holds while it opens bodies that cannot simply pass, at the largest sizes it takes. */

const MB = 1_000_000;
const COLUMNS = 120;
const MINUTE_MS = 60_000;
const BEGIN = Date.UTC(2026, 0, 1);

/** The app's wide table, as dense as can be: a number in each cell. */
function table(bytes: number): string {
  const columns = records.many(COLUMNS, (i) => `Metric ${i} (count)`);
  const lines = [`Date/Time,${columns.join(',')}`];
  let size = 0;
  for (let row = 0; size < bytes; row++) {
    const time = new Date(BEGIN + row * MINUTE_MS).toISOString().slice(0, 19).replace('T', ' ');
    const line = [time, ...records.many(COLUMNS, (i) => ((i * 7 + row) % 977) / 10)].join(',');
    lines.push(line);
    size += line.length + 1;
  }
  return lines.join('\n');
}

interface Body {
  path: string;
  bytes: Uint8Array;
  type?: string;
}

async function bodies(): Promise<Record<string, Body>> {
  const json = readBody((await bodyFile({ bytes: 100 * MB, seed: 2 })).path);
  const csv = table(2 * MB);
  const form = new FormData();
  for (let i = 0; i < 4; i++) form.append(`file${i}`, new File([csv], `metrics${i}.csv`));
  const response = new Response(form);
  const type = response.headers.get('content-type') ?? '';
  const dryRun = records.metricPayload(
    'step_count',
    'count',
    records.many(90_000, records.quantity),
  );
  return {
    'a zip with 100 MB of JSON': {
      path: '/api/v1/sync',
      bytes: zipSync({ 'HealthAutoExport.json': new Uint8Array(json) }),
    },
    'a form of four CSVs of 2 MB': {
      path: '/api/v1/sync',
      bytes: new Uint8Array(await response.arrayBuffer()),
      type,
    },
    'a dry run of 90,000 samples': {
      path: '/api/v1/check',
      bytes: strToU8(JSON.stringify(dryRun)),
    },
  };
}

export async function measureFiles(databaseUrl: string, report: Report): Promise<void> {
  for (const [what, { path, bytes, type }] of Object.entries(await bodies())) {
    const bed = await makeBed(databaseUrl, { only: ['api'], inspectorPort: 0 });
    try {
      const { above, total } = await peakMemory(bed.stack, 'api', async () => {
        const response = await fetch(`${bed.stack.url}${path}`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${bed.key}`, ...(type && { 'Content-Type': type }) },
          body: new Uint8Array(bytes),
        });
        if (!response.ok) throw new Error(`${what} was answered with ${response.status}.`);
        await response.arrayBuffer();
      });
      report.add(
        `peak of the API isolate's heap and buffers: ${what} (${(bytes.length / MB).toFixed(1)} MB), above idle`,
        `${above.toFixed(0)} MB (${total.toFixed(0)} in all)`,
        '≤ 96 MB: an isolate has 128',
        above <= 96,
      );
    } finally {
      await bed.stop();
    }
  }
}
