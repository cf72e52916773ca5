// Runs before `npm start`, `npm test` and `npm run demo`, with whatever Node there is: installs what is missing.
// Nothing but Node's built-ins here, for there may be nothing else yet.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('..', import.meta.url);
const path = (name) => fileURLToPath(new URL(name, root));
const OLDEST_NODE = 20;

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  console.error(`Node ${process.versions.node} is too old: install Node ${OLDEST_NODE} or newer.`);
  process.exit(1);
}

/** npm leaves a copy of the lock file behind when it has finished. */
function isInstalled() {
  const done = path('node_modules/.package-lock.json');
  return existsSync(done) && statSync(done).mtimeMs >= statSync(path('package-lock.json')).mtimeMs;
}

if (!isInstalled()) {
  console.log('Installing what is missing (npm ci). The first time takes a minute or two …');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel', 'error'];
  const { status } = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: path('.'), stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: path('.'), stdio: 'inherit', shell: true });
  if (status !== 0) {
    console.error('npm ci failed. Is there a network? Its own words are above.');
    process.exit(1);
  }
}

await import('./argon2-wasm.mjs');
await import('./docs-page.mjs');
