import { success } from '../http/envelope.ts';
import { operation } from '../http/operation.ts';
import { receiptAnswer } from './answers/receipt.ts';
import { holdUpload } from './hold.ts';
import { refusing } from './refusals.ts';
import { answerUpload, takeUpload, UPLOAD_PROBLEMS } from './upload.ts';

/** Where the app posts to. */
export const sync = operation({
  method: 'POST',
  path: '/api/v1/sync',
  summary: 'Takes a payload of Health Auto Export; answers with its receipt.',
  scope: 'ingest',
  quota: 'uploads',
  takesPayload: true,
  answer: receiptAnswer,
  statuses: [200, 202],
  problems: UPLOAD_PROBLEMS,
  handler: async (c) => {
    const { receipt, slices, isRepeat } = await refusing(() => takeUpload(c));
    if (!isRepeat) return answerUpload(c, receipt, slices);
    return success(c, receipt, { headers: { 'Idempotency-Replayed': 'true' } });
  },
  hold: async (c, key) => {
    const receipt = await refusing(() => holdUpload(c, key));
    return success(c, receipt, {
      status: 202,
      message: 'The body is safe; it is loaded once the database can be reached.',
      headers: { Location: `/api/v1/ingestions/${receipt.id}` },
    });
  },
});
