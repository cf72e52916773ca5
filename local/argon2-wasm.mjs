// Takes the two WASM binaries that hash-wasm carries as base64 out of the installed package and writes them
// where src/keys/argon2.ts imports them: workerd runs only WASM that it sees at deployment.
// Node built-ins only, no types to strip: it runs wherever `wrangler` runs its [build] command.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TARGET = fileURLToPath(new URL('../src/keys/wasm', import.meta.url));

/** @param {string} message */
function fail(message) {
  throw new Error(`${message} hash-wasm's layout has changed: adapt local/argon2-wasm.mjs.`);
}

/**
 * The distribution file of one algorithm holds its own binary and those it builds on.
 * @returns {string} the source of the file with argon2 and blake2b
 */
function readDistribution() {
  const main = createRequire(import.meta.url).resolve('hash-wasm');
  const path = join(dirname(main), 'argon2.umd.min.js');
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`${path} cannot be read. Is hash-wasm installed?`, { cause });
  }
}

/**
 * @param {string} source
 * @param {string} name
 * @returns {Buffer} a module that this runtime accepts
 */
function extract(source, name) {
  const found = source.match(new RegExp(`name:"${name}",data:"([A-Za-z0-9+/=]+)"`));
  if (found?.[1] === undefined) fail(`No binary named ${name} was found.`);
  const binary = Buffer.from(found[1], 'base64');
  if (!WebAssembly.validate(binary)) fail(`The binary named ${name} is not valid WASM.`);
  return binary;
}

/** Leaves an equal file alone, so that a watching wrangler does not build for ever. */
function writeIfNew(path, binary) {
  try {
    if (readFileSync(path).equals(binary)) return;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  writeFileSync(path, binary);
}

const source = readDistribution();
mkdirSync(TARGET, { recursive: true });
for (const name of ['argon2', 'blake2b']) {
  writeIfNew(join(TARGET, `${name}.wasm`), extract(source, name));
}
