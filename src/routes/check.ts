import { z } from 'zod';
import { success } from '../http/envelope.ts';
import { operation } from '../http/operation.ts';
import { chargeUnpacked, refuseDeferred } from '../http/quota.ts';
import { check } from '../ingest/check.ts';
import { receiptAnswer } from './answers/receipt.ts';
import { refusing } from './refusals.ts';
import { openIngestion } from './upload.ts';
import { isGzip, refuseDeclaredLength } from './upload-headers.ts';

/** A dry run. */
export const checkPayload = operation({
  method: 'POST',
  path: '/api/v1/check',
  summary: 'Answers with the receipt that this payload would get. Nothing is stored.',
  scope: 'ingest',
  quota: 'uploads',
  takesPayload: true,
  isExpensive: true,
  query: z.object({
    issues_from: z.coerce
      .number()
      .int()
      .min(0)
      .default(0)
      .describe(
        'Place of the first issue that is shown, of `issues_total`: any can be shown, a hundred at once.',
      ),
  }),
  answer: receiptAnswer,
  problems: ['dry_run_busy', 'dry_run_too_long'],
  handler: (c, { query }) =>
    refusing(async () => {
      refuseDeferred(c.get('quota'));
      const settings = c.get('settings');
      const { headers, body } = c.req.raw;
      refuseDeclaredLength(headers, settings.MAX_CHECK_BYTES);
      const receipt = await check(
        {
          ingestion: openIngestion(c),
          body,
          gzip: isGzip(headers),
          contentType: headers.get('content-type'),
          issuesFrom: query.issues_from,
        },
        {
          database: c.get('database'),
          maxBytes: settings.MAX_CHECK_BYTES,
          sliceBytes: settings.SLICE_BYTES,
        },
      );
      await chargeUnpacked(c, receipt.bytes);
      return success(c, receipt, { message: 'A dry run: nothing of this has been stored.' });
    }),
});
