import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../stack/root.ts';
import { awaitReceipts, postSample, type Server } from './client.ts';
import type { DemoReceipt } from './receipts.ts';

const PATIENCE_MS = 60_000;

/** Posts the sample export, one small body with something of every section. @returns its closed receipt */
export async function deliverSample(server: Server): Promise<DemoReceipt> {
  const body = readFileSync(join(root, 'examples/health-auto-export.json'), 'utf8');
  const receipt = await postSample(server, body);
  const [closed = receipt] = await awaitReceipts(server, [receipt], {
    onProgress: () => {},
    patience: PATIENCE_MS,
  });
  return closed;
}
