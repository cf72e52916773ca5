import { z } from 'zod';
import { readCursor } from '../http/cursor.ts';
import { pageByCursor } from '../http/cursor-page.ts';
import { success } from '../http/envelope.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import type { Receipt } from '../model.ts';
import { selectReceipt, selectReceiptPage, toReceipt } from '../store/find-receipts.ts';
import { receiptAnswer } from './answers/receipt.ts';
import { ownKeyOnly } from './own-key.ts';
import { isFromFuture, uploadParams } from './upload-id.ts';

export const listIngestions = operation({
  method: 'GET',
  path: '/api/v1/ingestions',
  summary: 'The receipts of what was uploaded, newest first.',
  scope: 'receipts',
  quota: 'reads',
  query: z.object({
    limit: z.coerce.number().int().min(1).max(100).default(20),
    cursor: z.string().optional(),
  }),
  answer: z.array(receiptAnswer),
  handler: async (c, { query: { limit, cursor } }) => {
    const identity = c.get('identity');
    const before = readCursor(cursor, z.uuid());
    const rows = await c.get('database').queryAs(
      identity.userId,
      selectReceiptPage({
        userId: identity.userId,
        keyId: ownKeyOnly(identity),
        before: before === null ? null : { receivedAt: before.at, id: before.id },
        limit: limit + 1,
      }),
    );
    const position = ({ received_at, id }: Receipt) => ({ at: Date.parse(received_at), id });
    const { page, pagination } = pageByCursor(rows.map(toReceipt), limit, position);
    return success(c, page, { pagination });
  },
});

export const getIngestion = operation({
  method: 'GET',
  path: '/api/v1/ingestions/:id',
  summary: 'The receipt of one upload: what became of every item.',
  scope: 'receipts',
  // A client that was told 202 shall be free to ask how it went.
  quota: 'polls',
  params: uploadParams,
  answer: receiptAnswer,
  handler: async (c, { params: { id } }) => {
    const identity = c.get('identity');
    const [row] = isFromFuture(id)
      ? []
      : await c.get('database').query(selectReceipt(id, identity.userId, ownKeyOnly(identity)));
    if (row === undefined) {
      throw new HttpProblem('not_found', { detail: 'There is no such receipt for this key.' });
    }
    return success(c, toReceipt(row));
  },
});
