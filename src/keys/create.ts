import type { KeyRecord, NewKey } from '../store/keys.ts';
import { generateKey } from './format.ts';

/** What a new key shall be. Instants are Unix milliseconds; `null` limits are the installation's. */
export type KeyWish = Omit<NewKey, 'lookup' | 'secretHash'>;

export interface IssuerParts {
  /** argon2id as a PHC string: `hashKey` in a Worker; in Node, hash-wasm with `hashOptions`. */
  hash(key: string): Promise<string>;
  save(key: NewKey): Promise<KeyRecord>;
}

/** @returns the key itself, which is shown this once and kept nowhere, and its record. */
export async function issueKey(
  { hash, save }: IssuerParts,
  wish: KeyWish,
): Promise<{ key: string; record: KeyRecord }> {
  const { key, lookup } = generateKey(wish.kind);
  const record = await save({ ...wish, lookup, secretHash: await hash(key) });
  return { key, record };
}
