import { DatabaseFault, type Statement } from '../database.ts';

/**
 * Fails where the person is not there, or is being erased (migrations/0014). First in a transaction that stores
 * something: an erasure then waits for it, or it for the erasure.
 */
export const requirePerson = (userId: string): Statement => ({
  text: 'select require_person($1::uuid)',
  params: [userId],
});

const NO_PERSON = 'SS001';

export const isOfNobody = (error: unknown): boolean =>
  error instanceof DatabaseFault && error.code === NO_PERSON;
