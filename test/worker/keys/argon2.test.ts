import { expect, test } from 'vitest';
import { hashKey, verifyKey } from '../../../src/keys/argon2.ts';
import { ARGON2ID, DECOY_HASH } from '../../../src/keys/argon2-parameters.ts';

/** `key number 0` to `9` under the salt 00 01 … 0f, as node:crypto (OpenSSL) hashes them. */
const REFERENCE = [
  'LpPOroFlcCc5YrKhc5dt1xAhl1NsdBi86pXAKR9LR70',
  '/pJ9yw5ig+zeCIxTNj+PCRprzmSk7jfDS/Jt7zvwtvI',
  'XQ85VVq+wI3zeS6S6bbBVnVd43hbOJHEFW7hFNy2064',
  '2h0ACihSHHB6bnojG9pypKRQQeYvXg5c4dJO+CcgLTU',
  'jEkHzD++/pFuXRKLfjErUxvZw1J6PGXdLpOJz+UYKTI',
  'pQyQ2VoasRjDKGlKgqJfrggqd/zcd3SrTR3y5rH+1pU',
  'G+/hPurBeSyv2VZAlhoQG1qEt4mDshen5LJbYso74yQ',
  'ej06c8wGv9ZDlNEdA/k+cHJe2dRb+OgzUAmKumyWVBU',
  'BoUmt+XyXvBygMuLiq1by+vssdeH7lYUthJcknOieOY',
  'Jtqpco8gi3m56+L21VrnbpZHQkxrqR3EM29XAM6e0cw',
].map((hash, i) => ({
  key: `key number ${i}`,
  phc: `$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$${hash}`,
}));

/** Every instance that is made from here on. */
const instances: WebAssembly.Instance[] = [];
WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(module: WebAssembly.Module) {
    super(module);
    instances.push(this);
  }
};

function memorySizes(): number[] {
  const memories = instances.map(({ exports }) => exports.memory);
  return memories.map((memory) =>
    memory instanceof WebAssembly.Memory ? memory.buffer.byteLength : 0,
  );
}

test('one key after the other has the hash that another implementation gives it', async () => {
  for (const { key, phc } of REFERENCE) expect(await verifyKey(key, phc)).toBe(true);
});

test('keys hashed at the same time do not mix', async () => {
  const checks = REFERENCE.map(({ key, phc }, i) => verifyKey(i % 2 ? key : `${key}?`, phc));
  expect(await Promise.all(checks)).toEqual(REFERENCE.map((_, i) => i % 2 === 1));
});

test('a new hash is a PHC string with a salt of its own, and fits its key only', async () => {
  const [phc, again] = [await hashKey('a key'), await hashKey('a key')];
  expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(again).not.toBe(phc);
  expect(await verifyKey('a key', phc)).toBe(true);
  expect(await verifyKey('a kez', phc)).toBe(false);
});

test('hashes of earlier parameters can still be checked', async () => {
  // By node:crypto: 256 KiB, three passes, two lanes, a hash of 16 bytes.
  const phc = '$argon2id$v=19$m=256,t=3,p=2$AAECAwQFBgcICQoLDA0ODw$5LA4rS9MlzslNgHBap/PcQ';
  expect(await verifyKey('key number 0', phc)).toBe(true);
  expect(await verifyKey('key number 1', phc)).toBe(false);
});

test('the decoy is well-formed, as costly as a real hash, and fits nothing', async () => {
  expect(DECOY_HASH).toContain(`$m=${ARGON2ID.memorySize},t=${ARGON2ID.iterations},`);
  expect(await verifyKey('key number 0', DECOY_HASH)).toBe(false);
});

test('what is no argon2id hash is refused, and does not hold up the next one', async () => {
  await expect(verifyKey('a key', 'not a hash')).rejects.toThrow('PHC');
  // A salt that hash-wasm finds too short: it fails inside its turn.
  await expect(verifyKey('a key', '$argon2id$v=19$m=64,t=1,p=1$AAAA$AAAAAAAA')).rejects.toThrow();
  expect(await verifyKey('a key', await hashKey('a key'))).toBe(true);
});

test('a hash never waits outside the microtask queue, where a cancelled request could leave it', async () => {
  let done = false;
  const hash = hashKey('a key').then(() => {
    done = true;
  });
  for (let i = 0; i < 1_000 && !done; i++) await null;
  expect(done).toBe(true);
  await hash;
});

test('however many hashes, there is one large memory and it does not grow', async () => {
  await hashKey('a key');
  const before = Math.max(...memorySizes());
  await Promise.all(Array.from({ length: 5 }, (_, i) => hashKey(`another key ${i}`)));
  const large = memorySizes().filter((bytes) => bytes > 1024 * ARGON2ID.memorySize);
  expect(large).toEqual([before]);
});
