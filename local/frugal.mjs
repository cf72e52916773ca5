// Preloaded by `npm start`: on Linux, begins the process once more with settings that can only be given at its start.
// glibc keeps what the embedded Postgres frees while it opens (arenas a thread, blocks below 32 MB), V8 compiles all of
// its WebAssembly at once and lets the young generation grow, and what makes JavaScript of TypeScript stays in memory
// after its work: together 230 MB that an idle server would hold for good.

import { fileURLToPath } from 'node:url';

const MALLOC = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '16384',
  MALLOC_TRIM_THRESHOLD_: '131072',
};
const NODE = { NODE_COMPILE_CACHE: fileURLToPath(new URL('../dist/node', import.meta.url)) };
const V8 = ['--wasm-lazy-compilation', '--max-semi-space-size=4'];

const isBegunAgain = Object.keys(MALLOC).some((name) => name in process.env);
if (process.platform === 'linux' && !isBegunAgain && process.execve !== undefined) {
  process.removeAllListeners('warning');
  const args = [process.execPath, ...V8, ...process.argv.slice(1)];
  process.execve(process.execPath, args, { ...NODE, ...process.env, ...MALLOC });
}
