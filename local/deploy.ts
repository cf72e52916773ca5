import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Table from 'cli-table3';
import { Command } from 'commander';
import { applyMigrations } from './commands/apply-migrations.ts';
import { Complaint, runCommand } from './commands/fail.ts';
import { root } from './stack/root.ts';

/** `npm run deploy`: migrations, then the consumer, then the API that sends to it. */

const WORKERS = ['wrangler.consumer.toml', 'wrangler.toml'];
const BUCKET = 'self-sensored-raw';
const LARGEST_GZIPPED_BYTES = 1_000_000;

function wrangler(...args: string[]): { ok: boolean; output: string } {
  const bin = join(root, 'node_modules/wrangler/bin/wrangler.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { ok: status === 0, output: `${stdout}${stderr}` };
}

/** Builds both as for a deploy, and tells how large they are. */
function measure(): void {
  const table = new Table({
    head: ['worker', 'bytes', 'gzipped'],
    colAligns: ['left', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  const tooLarge: string[] = [];
  for (const config of WORKERS) {
    const outdir = join(root, 'dist', `dry-run-${config}`);
    rmSync(outdir, { recursive: true, force: true });
    const { ok, output } = wrangler('deploy', '--dry-run', '-c', config, '--outdir', outdir);
    if (!ok) throw new Complaint(`${config} cannot be built:\n${output}`);
    const files = readdirSync(outdir).filter((file) => /\.(js|wasm)$/.test(file));
    const contents = files.map((file) => readFileSync(join(outdir, file)));
    const bytes = contents.reduce((sum, { length }) => sum + length, 0);
    const gzipped = contents.reduce((sum, content) => sum + gzipSync(content).length, 0);
    table.push([config, bytes.toLocaleString('en'), gzipped.toLocaleString('en')]);
    if (gzipped > LARGEST_GZIPPED_BYTES) tooLarge.push(config);
  }
  console.log(table.toString());
  if (tooLarge.length > 0) throw new Complaint(`Over 1 MB gzipped: ${tooLarge.join(', ')}`);
}

/** The rules of the file stand in place of all that there are: doing it again changes nothing. */
function setLifecycle(): void {
  const rules = ['--file', join(root, 'r2-lifecycle.json'), '--force'];
  const { ok, output } = wrangler('r2', 'bucket', 'lifecycle', 'set', BUCKET, ...rules);
  if (!ok) throw new Complaint(`The lifecycle rules of ${BUCKET} were not set:\n${output}`);
}

async function deploy({ dryRun }: { dryRun?: boolean }): Promise<void> {
  if (dryRun) return measure();
  if (!wrangler('whoami').output.includes('@')) {
    throw new Complaint('Wrangler does not know your account. Run `npx wrangler login` first.');
  }
  await applyMigrations(process.env.DATABASE_URL);
  setLifecycle();
  for (const config of WORKERS) {
    console.log(`Deploying ${config} …`);
    const { ok, output } = wrangler('deploy', '-c', config);
    console.log(output);
    if (!ok)
      throw new Complaint(
        `${config} was not deployed. Mend what wrangler says, and run this again.`,
      );
  }
}

const program = new Command('npm run deploy --')
  .description('Migrates the database of DATABASE_URL, then deploys both Workers.')
  .option('--dry-run', 'only build both, and print their sizes')
  .addHelpText(
    'after',
    `
Before the first time
  npx wrangler login
  npx wrangler r2 bucket create self-sensored-raw
  npx wrangler queues create self-sensored-slices
  npx wrangler queues create self-sensored-backfill
  npx wrangler queues create self-sensored-work
  npx wrangler queues create self-sensored-dead
  and the secrets, as docs/deploy.md lists them`,
  )
  .action(deploy);

await runCommand(async () => void (await program.parseAsync()));
