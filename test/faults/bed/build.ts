import { execFile } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { V4WorkerOptions } from 'miniflare';
import { root } from '../../../local/stack/root.ts';
import { modulesIn } from '../../../local/stack/workers.ts';

/** Both Workers with the bed's entries, bundled by wrangler as those of production are. */

export const CONFIG = { api: 'wrangler.toml', consumer: 'wrangler.consumer.toml' } as const;
export type WorkerName = keyof typeof CONFIG;

const ENTRIES = 'test/faults/bed/workers';
const bundleOf = (name: WorkerName): string => join(root, 'dist', `bed-${name}`);

/** Bundles what has changed since the last time. */
export async function buildBed(): Promise<void> {
  const patterns = ['src/**/*', `${ENTRIES}/*.ts`, 'wrangler*.toml', 'package-lock.json'];
  const sources = globSync(patterns, { cwd: root });
  const newest = Math.max(...sources.map((file) => statSync(join(root, file)).mtimeMs));
  for (const name of Object.keys(CONFIG) as WorkerName[]) {
    const bundle = join(bundleOf(name), `${name}.js`);
    if (!existsSync(bundle) || statSync(bundle).mtimeMs < newest) await bundleOne(name);
  }
}

async function bundleOne(name: WorkerName): Promise<void> {
  const outdir = bundleOf(name);
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js');
  const entry = `${ENTRIES}/${name}.ts`;
  const args = ['deploy', entry, '--dry-run', '-c', CONFIG[name], '--outdir', outdir];
  await promisify(execFile)(process.execPath, [wrangler, ...args], { cwd: root });
}

/** The bundle and what the wrangler file says of it, but for the archive and the queues: those the bed brings. */
export async function describe(
  name: WorkerName,
  vars: Record<string, string>,
): Promise<V4WorkerOptions> {
  // Wrangler warns of secrets that are missing in files; ours come as variables.
  process.env.WRANGLER_LOG ??= 'none';
  const { unstable_getMiniflareWorkerOptions } = await import('wrangler');
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(root, CONFIG[name]));
  const {
    modulesRules: _,
    r2Buckets: __,
    queueProducers: ___,
    queueConsumers: ____,
    ...described
  } = workerOptions;
  return {
    ...described,
    name,
    ...modulesIn(bundleOf(name)),
    bindings: Object.assign({}, described.bindings, vars),
  };
}
