import { sealKey } from './seal.ts';

const DIGITS = 12;

/** A person in metrics and statistics: the same each time, and not to be looked up without the pepper. */
export const personTag = async (pepper: string, userId: string): Promise<string> =>
  (await sealKey(pepper, `person ${userId}`)).slice(0, DIGITS);
