import type { Bed } from './bed.ts';
import { cpuOf, memoryOf } from './machine.ts';
import type { Report } from './report.ts';

/** What a key costs when it must be verified, and when it is remembered. */

const VERIFIED = 200;
const REMEMBERED = 2_000;

export async function measureAuth(bed: Bed, report: Report): Promise<void> {
  const path = `${bed.stack.url}/api/v1/ingestions/00000000-0000-0000-0000-000000000000`;
  const ask = async (key: string) => {
    const response = await fetch(path, { headers: { Authorization: `Bearer ${key}` } });
    await response.text();
    if (response.status !== 404) throw new Error(`The key was answered with ${response.status}.`);
  };
  const keys: string[] = [];
  for (let i = 0; i <= VERIFIED; i++) keys.push(await bed.newKey());
  const [known = '', ...fresh] = keys;
  await ask(known);

  const memory = memoryOf(bed.workerd);
  const verified = await cpuEach(bed.workerd, fresh, ask);
  const grown = memoryOf(bed.workerd) - memory;
  await cpuEach(bed.workerd, Array<string>(REMEMBERED).fill(known), ask);
  const remembered = await cpuEach(bed.workerd, Array<string>(REMEMBERED).fill(known), ask);
  const ratio = verified / remembered;
  report.add(
    'CPU of a request with a key to verify, against one with a remembered key',
    `${ratio.toFixed(0)} × (${verified.toFixed(1)} ms, ${remembered.toFixed(2)} ms)`,
    '≥ 20 ×',
    ratio >= 20,
  );
  report.add(
    `memory after ${VERIFIED} verifications`,
    `+${grown.toFixed(0)} MB`,
    'flat: one instance of 19 MiB, not 200',
    grown < 60,
  );
}

async function cpuEach(pid: number, keys: readonly string[], ask: (key: string) => Promise<void>) {
  const before = cpuOf(pid);
  for (const key of keys) await ask(key);
  return (cpuOf(pid) - before) / keys.length;
}
