/**
 * argon2id in workerd. The only file that knows about WASM.
 *
 * hash-wasm compiles its WASM from bytes, which workerd forbids, and makes a 19 MiB instance for every hash,
 * which no Worker can afford. So it is handed modules that were compiled at deployment, and one instance
 * that is as good as new each time. In Node, hash-wasm needs none of this: see argon2-parameters.ts.
 */

import { argon2id } from 'hash-wasm';
import { hashOptions } from './argon2-parameters.ts';
import argon2Module from './wasm/argon2.wasm';
import blake2bModule from './wasm/blake2b.wasm';

/** hash-wasm's binaries by their size in bytes (4.13.0), written by local/argon2-wasm.mjs. */
const COMPILED = new Map([
  [7_148, argon2Module],
  [7_449, blake2bModule],
]);

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** @returns a PHC string with a fresh salt. Takes some 40 ms of CPU. */
export function hashKey(key: string): Promise<string> {
  return inTurn(() => argon2id(hashOptions(key)));
}

/**
 * Whether `phc` is the hash of `key`, as costly as the parameters in it say. The hashes are compared in
 * constant time.
 * @throws {Error} if `phc` is not argon2id in PHC form
 */
export async function verifyKey(key: string, phc: string): Promise<boolean> {
  const [, memory, passes, lanes, salt, hash] = PHC.exec(phc) ?? [];
  if (salt === undefined || hash === undefined) {
    throw new Error('A stored hash is not argon2id in PHC form');
  }
  const expected = fromBase64(hash);
  const actual = await inTurn(() =>
    argon2id({
      password: key,
      salt: fromBase64(salt),
      memorySize: Number(memory),
      iterations: Number(passes),
      parallelism: Number(lanes),
      hashLength: expected.length,
      outputType: 'binary',
    }),
  );
  return crypto.subtle.timingSafeEqual(actual, expected);
}

const fromBase64 = (text: string): Uint8Array =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

let previous: Promise<unknown> = Promise.resolve();

/**
 * One at a time, because there is one memory. A turn waits for nothing outside the microtask queue, so no
 * request ever waits for another one, and one that is cancelled cannot take the turn with it.
 */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = previous.then(work);
  previous = turn.catch(() => undefined);
  return turn;
}

interface Argon2Exports {
  memory: WebAssembly.Memory;
  /** Address of the blocks, which reach to the end of the memory. Grows the memory when first called. */
  Hash_GetBuffer(): number;
}

/** The compiler cannot look into a module; the test vectors would not come out if it exported anything else. */
const argon2Exports = (instance: WebAssembly.Instance) =>
  instance.exports as unknown as Argon2Exports;

let argon2Instance: WebAssembly.Instance | undefined;

/** argon2 trusts its blocks to be zero, as in a new instance: without this the second hash would be wrong. */
function renewedArgon2(): WebAssembly.Instance {
  argon2Instance ??= new WebAssembly.Instance(argon2Module);
  const { memory, Hash_GetBuffer } = argon2Exports(argon2Instance);
  const blocks = Hash_GetBuffer();
  new Uint8Array(memory.buffer, blocks).fill(0);
  return argon2Instance;
}

async function compile(bytes: ArrayBuffer): Promise<WebAssembly.Module> {
  const module = COMPILED.get(bytes.byteLength);
  if (module === undefined) {
    throw new Error(`No WASM of ${bytes.byteLength} bytes was compiled: has hash-wasm changed?`);
  }
  return module;
}

async function instantiate(module: WebAssembly.Module): Promise<WebAssembly.Instance> {
  return module === argon2Module ? renewedArgon2() : new WebAssembly.Instance(module);
}

// Nothing is lost: in workerd the first always throws, and nobody but hash-wasm calls the second.
Object.assign(WebAssembly, { compile, instantiate });
