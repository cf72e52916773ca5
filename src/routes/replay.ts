import { isDeferred } from '../http/allowance.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import { chargeUnpacked } from '../http/quota.ts';
import { replay } from '../ingest/replay.ts';
import { selectUpload, toUpload } from '../store/find-upload.ts';
import { receiptAnswer } from './answers/receipt.ts';
import { ownKeyOnly } from './own-key.ts';
import { refusing } from './refusals.ts';
import { account, answerUpload, lanesOf, openIngestion } from './upload.ts';
import { isFromFuture, uploadParams } from './upload-id.ts';

export const replayIngestion = operation({
  method: 'POST',
  path: '/api/v1/ingestions/:id/replay',
  summary: 'Loads the archived body of an upload once more, with the decoder of today.',
  scope: 'replay',
  quota: 'uploads',
  isExpensive: true,
  params: uploadParams,
  answer: receiptAnswer,
  statuses: [200, 202],
  problems: ['body_gone', 'storage_unavailable'],
  handler: (c, { params: { id } }) =>
    refusing(async () => {
      const settings = c.get('settings');
      const identity = c.get('identity');
      const database = c.get('database');
      const [row] = isFromFuture(id)
        ? []
        : await database.query(selectUpload(id, identity.userId, ownKeyOnly(identity)));
      if (row === undefined) {
        throw new HttpProblem('not_found', { detail: 'There is no such upload of this key.' });
      }
      const { rawKey, bytes, automation, saidAt } = toUpload(row);
      // It costs what the upload has cost: over the quota it waits behind the rest, too.
      const charged = await chargeUnpacked(c, bytes);
      const ingestion = { ...openIngestion(c), automation, saidAt, replayOf: id };
      const receipt = await replay({ ...ingestion, idempotencyKey: null }, rawKey, {
        database,
        bucket: c.env.RAW,
        lanes: lanesOf(c),
        deferSeconds: isDeferred(charged) ? settings.DEFER_SECONDS : null,
        sliceBytes: settings.SLICE_BYTES,
      });
      account(c, receipt);
      return answerUpload(c, receipt, receipt.slices.total);
    }),
});
