import { z } from 'zod';
import { receivedAtOf } from '../store/find-receipts.ts';

/** Ids of uploads, as paths have them. */

export const uploadParams = z.object({ id: z.uuid().describe('As its receipt says.') });

/** Two Workers may not agree on the time. */
const CLOCK_SKEW_MS = 3_600_000;

/** An id of ours tells when it was made; one from the future is not, and Postgres may not even have a date for it. */
export const isFromFuture = (id: string): boolean => receivedAtOf(id) > Date.now() + CLOCK_SKEW_MS;
