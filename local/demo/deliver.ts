import { writeBody } from './body.ts';
import { awaitReceipts, postUpload, type Server } from './client.ts';
import type { Upload } from './plan.ts';
import { startProgress } from './progress.ts';
import { type DemoReceipt, isSettled } from './receipts.ts';
import type { Delivery } from './summary.ts';

/** Gives up on receipts when no slice has been loaded for so long. */
const PATIENCE_MS = 180_000;

/** Posts the uploads one after the other, as the phone does, and waits until every receipt is settled. */
export async function deliver(
  server: Server,
  seed: number,
  uploads: readonly Upload[],
): Promise<Delivery[]> {
  const receipts = await post(server, seed, uploads);
  const settled = await settle(server, receipts);
  return settled.map((receipt, i) => ({ automation: uploads[i]?.automation.name ?? '', receipt }));
}

async function post(
  server: Server,
  seed: number,
  uploads: readonly Upload[],
): Promise<DemoReceipt[]> {
  const progress = startProgress('Uploads', uploads.length);
  const receipts: DemoReceipt[] = [];
  try {
    for (const upload of uploads) {
      receipts.push(await postUpload(server, upload, writeBody(seed, upload)));
      progress.at(receipts.length);
    }
  } finally {
    progress.stop();
  }
  return receipts;
}

async function settle(server: Server, receipts: readonly DemoReceipt[]): Promise<DemoReceipt[]> {
  if (receipts.every(isSettled)) return [...receipts];
  const slices = receipts.reduce((sum, receipt) => sum + receipt.slices.total, 0);
  const progress = startProgress('Slices', slices);
  try {
    return await awaitReceipts(server, receipts, {
      onProgress: progress.at,
      patience: PATIENCE_MS,
    });
  } finally {
    progress.stop();
  }
}
