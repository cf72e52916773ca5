import { runCommand } from './commands/fail.ts';
import { eraseDemoPerson, makeDemoKey, type Server } from './demo/client.ts';
import { deliver } from './demo/deliver.ts';
import { writeUploads } from './demo/dry-run.ts';
import { type Asked, readOptions } from './demo/options.ts';
import { DEMO_PERSON } from './demo/person.ts';
import { planUploads } from './demo/plan.ts';
import { deliverSample } from './demo/sample.ts';
import { addUp, renderSummary } from './demo/summary.ts';
import { type Own, withOwnServer } from './demo/target.ts';

/** `npm run demo`: invented health data of a person of their own, uploaded as the app would. `--help` tells the rest. */

await runCommand(async () => {
  const asked = readOptions(process.argv, Date.now());
  const { url, key } = asked;
  if (asked.dryRun !== undefined) return write(asked, asked.dryRun);
  if (url !== undefined && key !== undefined) return fill(asked, { url, key });
  await withOwnServer(asked, async (own) => {
    if (asked.remove) return remove(own);
    await fill(asked, { url: own.url, key: await makeDemoKey(own, 'ing') });
    const readKey = await makeDemoKey(own, 'read');
    console.log(`
All of it belongs to ${DEMO_PERSON}; npm run demo -- --remove takes it away. To look at it:

  export URL=${own.url}
  export READ_KEY=${readKey}`);
  });
});
// Whatever a library still holds open shall not keep a finished command alive.
process.exit();

async function write(asked: Asked, folder: string): Promise<void> {
  const uploads = planUploads(asked);
  const bytes = await writeUploads(folder, asked.seed, uploads);
  console.log(`${uploads.length} bodies, ${(bytes / 1e6).toFixed(1)} MB, are in ${folder}.`);
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}

async function fill(asked: Asked, server: Server): Promise<void> {
  const start = performance.now();
  if (asked.sample) {
    const receipt = await deliverSample(server);
    console.log(renderSummary([{ automation: 'Sample export', receipt }], secondsSince(start)));
    return;
  }
  const uploads = planUploads(asked);
  console.error(`${uploads.length} uploads of ${asked.days} days go to ${server.url}.`);
  const deliveries = await deliver(server, asked.seed, uploads);
  console.log(renderSummary(deliveries, secondsSince(start)));
  if (addUp('Total', deliveries).amiss > 0) process.exitCode = 1;
}

async function remove(own: Own): Promise<void> {
  await eraseDemoPerson(own.url, await makeDemoKey(own, 'read'));
  console.log(`${DEMO_PERSON} is erased, with all data and keys.`);
}
