import { sameSeal, sealKey } from '../keys/seal.ts';

/**
 * What the second call must bring: it says that the first was read. A seal under the pepper, so nothing is kept of it;
 * it holds for one key, and for ten minutes.
 */

const MINUTES = 10;

export interface Confirmation {
  token: string;
  expiresAt: number;
}

export async function makeConfirmation(
  pepper: string,
  keyId: string,
  now: number,
): Promise<Confirmation> {
  const expiresAt = now + MINUTES * 60_000;
  return { token: `${expiresAt}.${await seal(pepper, keyId, expiresAt)}`, expiresAt };
}

export async function isConfirmed(
  token: string,
  { pepper, keyId, now }: { pepper: string; keyId: string; now: number },
): Promise<boolean> {
  const [expires = '', given = ''] = token.split('.');
  const expiresAt = Number(expires);
  if (!(expiresAt > now)) return false;
  return sameSeal(given, await seal(pepper, keyId, expiresAt));
}

const seal = (pepper: string, keyId: string, expiresAt: number): Promise<string> =>
  sealKey(pepper, `erase ${keyId} ${expiresAt}`);
