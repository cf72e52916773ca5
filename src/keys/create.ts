import type { KeyRecord, NewKey } from '../store/keys.ts';
import { generateKey } from './format.ts';
import { sealKey } from './seal.ts';

/** What a new key shall be. Instants are Unix milliseconds; `null` limits are the installation's. */
export type KeyWish = Omit<NewKey, 'lookup' | 'secretHash' | 'seal'>;

export interface IssuerParts {
  /** Of the Worker that shall take the key; `null` where it is not known: the key then carries no tag. */
  pepper: string | null;
  /** argon2id as a PHC string: `hashKey` in a Worker; in Node, hash-wasm with `hashOptions`. */
  hash(key: string): Promise<string>;
  save(key: NewKey): Promise<KeyRecord>;
}

/** @returns the key itself, which is shown this once and kept nowhere, and its record. */
export async function issueKey(
  { pepper, hash, save }: IssuerParts,
  wish: KeyWish,
): Promise<{ key: string; record: KeyRecord }> {
  const { key, lookup } = await generateKey(wish.kind, pepper);
  const seal = pepper === null ? null : await sealKey(pepper, key);
  const record = await save({ ...wish, lookup, secretHash: await hash(key), seal });
  return { key, record };
}
