import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { type Bed, type BedPerson, makeBed, readBody } from './bed.ts';
import { peakMemory } from './memory.ts';
import { bodyFile } from './payloads.ts';
import type { Report } from './report.ts';

/** What both isolates hold while everything large happens at once. */

const MB = 1_000_000;
const EXPORTS = 6;
const UPLOADS = 4;
const REACH_MB = 96;

export async function measureIsolates(
  databaseUrl: string,
  report: Report,
  isQuick: boolean,
): Promise<void> {
  const megabytes = isQuick ? 20 : 100;
  const bed = await makeBed(databaseUrl, { inspectorPort: 0 });
  try {
    const body = readBody((await bodyFile({ bytes: megabytes * MB, seed: 1 })).path);
    // One person has one export at a time.
    const people = await Promise.all(Array.from({ length: EXPORTS }, () => bed.newPerson()));
    for (const person of people) await person.upload(body);
    const peaks = { api: Number.NaN, consumer: Number.NaN };
    const outer = await peakMemory({ stack: bed.stack, worker: 'api' }, async () => {
      const inner = await peakMemory({ stack: bed.stack, worker: 'consumer' }, () =>
        everything(bed, body, people),
      );
      peaks.consumer = inner.total;
    });
    peaks.api = outer.total;
    for (const [worker, total] of Object.entries(peaks)) {
      report.add(
        `peak of the ${worker} isolate's heap and buffers: ${EXPORTS} exports, ${UPLOADS} uploads of ${megabytes} MB and a replay at once`,
        `${total.toFixed(1)} MB in all`,
        `≤ ${REACH_MB} MB: an isolate has 128`,
        total <= REACH_MB,
      );
    }
  } finally {
    await bed.stop();
  }
}

async function everything(bed: Bed, body: Uint8Array, people: readonly BedPerson[]): Promise<void> {
  const exporters = await Promise.all(people.map((person) => person.newKey('read')));
  const operator = await bed.newKey('admin');
  const replay = {
    from: '2020-01-01T00:00:00Z',
    to: new Date(Date.now() + 60_000).toISOString(),
    apply: true,
  };
  const jobs = [
    ...(await Promise.all(exporters.map((key) => start(bed, '/api/v1/exports', key, {})))),
    await start(bed, '/api/v1/admin/replay', operator, replay),
  ];
  // The same in other bytes: none is taken for a repetition.
  const uploads = Array.from({ length: UPLOADS }, (_, i) => {
    const copy = new Uint8Array(body.length + i + 1).fill(0x20);
    copy.set(body);
    return bed.upload(copy);
  });
  await Promise.all([...uploads, ...jobs.map((job) => untilEnded(bed, job))]);
}

const answer = z.object({ data: z.object({ status: z.string() }) });

interface Job {
  path: string;
  key: string;
}

async function start(bed: Bed, path: string, key: string, body: object): Promise<Job> {
  const response = await fetch(`${bed.stack.url}${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const location = response.headers.get('location');
  if (location === null) throw new Error(`${path} was answered with ${response.status}.`);
  await response.text();
  return { path: location, key };
}

async function untilEnded(bed: Bed, { path, key }: Job): Promise<void> {
  for (;;) {
    const response = await fetch(`${bed.stack.url}${path}`, {
      headers: { Authorization: `Bearer ${key}` },
    });
    const { data } = answer.parse(await response.json());
    if (data.status === 'failed') throw new Error(`${path} has failed.`);
    if (data.status !== 'running') return;
    await setTimeout(250);
  }
}
