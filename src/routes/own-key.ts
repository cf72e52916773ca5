import type { Identity } from '../model.ts';

/** A key of the phone sees the receipts of its own uploads; the others see all of the person. */
export const ownKeyOnly = ({ kind, keyId }: Identity): string | null =>
  kind === 'ing' ? keyId : null;
