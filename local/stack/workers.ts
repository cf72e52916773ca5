import { execFile } from 'node:child_process';
import { existsSync, globSync, readdirSync, statSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from 'miniflare';
import { root } from './root.ts';

/** Both Workers as wrangler bundles them for production, in workerd on this machine. */

const WORKERS = { api: 'wrangler.toml', consumer: 'wrangler.consumer.toml' } as const;
export type WorkerName = keyof typeof WORKERS;

const execute = promisify(execFile);

const bundleOf = (name: WorkerName): string => join(root, 'dist', name);
/** What the wrangler file says, as JSON. Written last: where it is missing, a bundle is not complete. */
const optionsOf = (name: WorkerName): string => join(bundleOf(name), 'options.json');

/** Bundles what has changed since the last time. Cheap if nothing has. */
export async function buildWorkers(): Promise<void> {
  const sources = globSync(['src/**/*', 'assets/**/*', 'wrangler*.toml', 'package-lock.json'], {
    cwd: root,
  });
  const newest = Math.max(...sources.map((file) => statSync(join(root, file)).mtimeMs));
  const stale = (Object.keys(WORKERS) as WorkerName[]).filter((name) => {
    const file = optionsOf(name);
    return !existsSync(file) || statSync(file).mtimeMs < newest;
  });
  // In turn: the first one also runs the build step of both.
  for (const name of stale) await bundle(name);
}

async function bundle(name: WorkerName): Promise<void> {
  const outdir = bundleOf(name);
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js');
  const args = ['deploy', '--dry-run', '-c', WORKERS[name], '--outdir', outdir];
  await execute(process.execPath, [wrangler, ...args], { cwd: root });
  const reader = fileURLToPath(new URL('worker-options.ts', import.meta.url));
  // Wrangler warns of secrets that are missing in files; ours come as variables.
  const env = { ...process.env, WRANGLER_LOG: 'none' };
  const { stdout } = await execute(process.execPath, [reader, WORKERS[name]], { cwd: root, env });
  await writeFile(optionsOf(name), stdout);
}

export interface WorkersOptions {
  port: number;
  /** Loopback unless it shall be seen from elsewhere. */
  host: string;
  /** Folder of the archive, or `null` to keep it in memory. */
  persistTo: string | null;
  /** Variables and secrets, over those of the wrangler files. */
  vars: Readonly<Record<string, string>>;
  inspectorPort?: number;
  /** Which of the two; by default both. */
  only?: readonly WorkerName[];
  onLog: (line: string) => void;
  /** workerd has ended by itself, a crash for example, and Miniflare has started it again. */
  onRestart: () => Promise<void>;
}

export async function startWorkers(options: WorkersOptions): Promise<Miniflare> {
  const names = options.only ?? ['api', 'consumer'];
  const workers = await Promise.all(names.map((name) => describe(name, options.vars)));
  const converted = convertV4MiniflareOptions({
    host: options.host,
    port: options.port,
    ...(options.inspectorPort === undefined ? {} : { inspectorPort: options.inspectorPort }),
    handleStructuredLogs: ({ message }) => options.onLog(message),
    workers,
  });
  const miniflare = new Miniflare({
    ...converted,
    unsafeHandleRuntimeRestart: options.onRestart,
    ...(options.persistTo === null ? {} : { resourcePersistencePath: options.persistTo }),
  });
  await miniflare.ready;
  return miniflare;
}

/** What the wrangler file says of a Worker, its bundle, and our variables. */
async function describe(
  name: WorkerName,
  vars: Readonly<Record<string, string>>,
): Promise<V4WorkerOptions> {
  const { modulesRules: _, ...described }: V4WorkerOptions & { modulesRules?: unknown } =
    JSON.parse(await readFile(optionsOf(name), 'utf8'));
  return {
    ...described,
    name,
    ...modulesIn(bundleOf(name)),
    bindings: Object.assign({}, described.bindings, vars),
  };
}

/** A bundle of wrangler as Miniflare takes it: the script first, for that is where it begins. */
export function modulesIn(modulesRoot: string) {
  const modules = readdirSync(modulesRoot)
    .filter((file) => /\.(js|wasm)$/.test(file))
    .sort((a, b) => Number(b.endsWith('.js')) - Number(a.endsWith('.js')))
    .map((file) => ({
      type: file.endsWith('.js') ? ('ESModule' as const) : ('CompiledWasm' as const),
      path: join(modulesRoot, file),
    }));
  return { modules, modulesRoot };
}
