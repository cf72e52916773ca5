/** How keys are hashed, wherever that happens: in a Worker (argon2.ts) or in Node, where plain hash-wasm runs. */

/** OWASP's advice for argon2id: 19 MiB (`memorySize` is in KiB), two passes, one lane. In hash-wasm's words. */
export const ARGON2ID = {
  memorySize: 19_456,
  iterations: 2,
  parallelism: 1,
  hashLength: 32,
} as const;

const SALT_BYTES = 16;

/**
 * What to give hash-wasm's `argon2id` to hash a new key: the result is a PHC string,
 * `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`.
 */
export const hashOptions = (key: string) => ({
  ...ARGON2ID,
  password: key,
  salt: crypto.getRandomValues(new Uint8Array(SALT_BYTES)),
  outputType: 'encoded' as const,
});

/** Well-formed, as costly to verify as any, and the hash of no key: salt and hash are all zeros. */
export const DECOY_HASH = [
  '$argon2id$v=19',
  `m=${ARGON2ID.memorySize},t=${ARGON2ID.iterations},p=${ARGON2ID.parallelism}`,
  'A'.repeat(22),
  'A'.repeat(43),
].join('$');
