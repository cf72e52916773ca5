import type { Identity } from '../model.ts';

/** A key that has been verified: who it stands for, and the proof that it is this key (see seal.ts). */
export interface VerifiedKey {
  seal: string;
  identity: Identity;
  /** When the database was asked about it. Unix milliseconds. */
  checkedAt: number;
}

const DAY_SECONDS = 86_400;

/** For so long a verified key is taken without asking the database. */
export const FRESH_SECONDS = DAY_SECONDS;
/** For so long it is taken while the database cannot be asked. What is known of it is kept as long. */
export const USABLE_SECONDS = 30 * DAY_SECONDS;

export const isFresh = ({ checkedAt }: VerifiedKey, now: number): boolean =>
  now < checkedAt + FRESH_SECONDS * 1_000;

export const isUsable = ({ checkedAt }: VerifiedKey, now: number): boolean =>
  now < checkedAt + USABLE_SECONDS * 1_000;
