import { runCommand } from './commands/fail.ts';
import { deliver } from './demo/deliver.ts';
import { writeUploads } from './demo/dry-run.ts';
import { readOptions } from './demo/options.ts';
import { planUploads } from './demo/plan.ts';
import { addUp, renderSummary } from './demo/summary.ts';
import { withServer } from './demo/target.ts';

/** `npm run demo`: an invented year of health data, uploaded as the app would. `--help` tells the rest. */

await runCommand(async () => {
  const asked = readOptions(process.argv, Date.now());
  const uploads = planUploads(asked);
  if (asked.dryRun !== undefined) {
    const bytes = await writeUploads(asked.dryRun, asked.seed, uploads);
    console.log(
      `${uploads.length} bodies, ${(bytes / 1e6).toFixed(1)} MB, are in ${asked.dryRun}.`,
    );
    return;
  }
  await withServer(asked, async (server) => {
    console.error(`${uploads.length} uploads of ${asked.days} days go to ${server.url}.`);
    const start = performance.now();
    const deliveries = await deliver(server, asked.seed, uploads);
    console.log(renderSummary(deliveries, (performance.now() - start) / 1000));
    if (addUp('Total', deliveries).amiss > 0) process.exitCode = 1;
  });
});
// Whatever a library still holds open shall not keep a finished command alive.
process.exit();
