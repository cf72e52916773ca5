import { PROBLEMS } from '../codes.ts';
import type { Json } from '../model.ts';

/** Parts of the document that are the same whatever the routes are. */

export type JsonObject = { [name: string]: Json };

export const EXAMPLE_CORRELATION_ID = '0b0f5a0e-6c1c-4d5e-9d0a-2f6f0a1b2c3d';
export const EXAMPLE_INSTANT = '2026-03-02T07:41:00.000Z';

const correlation: JsonObject = {
  type: 'string',
  description: 'Id of the request, as the log knows it; the one that was sent, if it was.',
  examples: [EXAMPLE_CORRELATION_ID],
};
const timestamp: JsonObject = {
  type: 'string',
  format: 'date-time',
  description: "The server's clock.",
  examples: [EXAMPLE_INSTANT],
};

export const ENVELOPE_SCHEMAS: JsonObject = {
  CorrelationId: correlation,
  Timestamp: timestamp,
  CursorPagination: {
    type: 'object',
    description: 'A page of a list that goes by cursor.',
    required: ['limit', 'has_next', 'next_cursor', 'next'],
    properties: {
      limit: { type: 'integer', minimum: 1, examples: [100] },
      has_next: { type: 'boolean', examples: [false] },
      next_cursor: {
        type: ['string', 'null'],
        description: 'Send it as `cursor` for the next page; `null` on the last.',
        examples: [null],
      },
      next: {
        type: ['string', 'null'],
        description: 'Path and query of the next page, as in the header `Link`.',
        examples: [null],
      },
    },
  },
  NumberedPagination: {
    type: 'object',
    description: 'A page of a list that goes by number.',
    required: ['page', 'per_page', 'total_items', 'total_pages', 'has_next', 'has_prev'],
    properties: {
      page: { type: 'integer', minimum: 1, examples: [1] },
      per_page: { type: 'integer', minimum: 1, maximum: 100, examples: [20] },
      total_items: { type: 'integer', minimum: 0, examples: [1] },
      total_pages: { type: 'integer', minimum: 0, examples: [1] },
      has_next: { type: 'boolean', examples: [false] },
      has_prev: { type: 'boolean', examples: [false] },
    },
  },
  Problem: {
    type: 'object',
    description: 'A refusal (RFC 9457).',
    required: ['type', 'title', 'status', 'success', 'error', 'correlation_id', 'timestamp'],
    properties: {
      type: { type: 'string', examples: ['about:blank'] },
      title: { type: 'string', examples: [PROBLEMS.invalid_parameter.title] },
      status: { type: 'integer', examples: [PROBLEMS.invalid_parameter.status] },
      detail: {
        type: 'string',
        description: 'What is wrong with this very request, and the cure.',
      },
      success: { type: 'boolean', const: false },
      error: {
        type: 'string',
        description: 'A stable code.',
        enum: Object.keys(PROBLEMS),
        examples: ['invalid_parameter'],
      },
      errors_total: {
        type: 'integer',
        description: 'How many things are wrong; the first ones are named.',
        examples: [1],
      },
      errors: {
        type: 'array',
        items: {
          type: 'object',
          required: ['pointer', 'code', 'message'],
          properties: {
            pointer: {
              type: 'string',
              description: 'JSON pointer into the body, or the name of a parameter.',
              examples: ['limit'],
            },
            code: { type: 'string', examples: ['too_big'] },
            message: { type: 'string', examples: ['Too big: expected number to be <=100'] },
          },
        },
      },
      correlation_id: { $ref: '#/components/schemas/CorrelationId' },
      timestamp: { $ref: '#/components/schemas/Timestamp' },
    },
  },
};

const text = (description: string): JsonObject => ({ description, schema: { type: 'string' } });

export const HEADERS: JsonObject = {
  'X-Correlation-Id': { description: 'Id of the request.', schema: correlation },
  Location: text('Where what was made can be asked for.'),
  ETag: text('Validator of the data, for If-None-Match.'),
  Link: text('The next page, as `rel="next"`.'),
  'Retry-After': text('Seconds after which another try is worth it.'),
  RateLimit: text('What is left of the hourly allowances of the key.'),
  'RateLimit-Policy': text('The hourly allowances of the key.'),
  'WWW-Authenticate': text('How to send a key.'),
};

const header = (name: string, description: string, schema: JsonObject): JsonObject => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string', ...schema },
});

/** What the app says beside the payload; see /schemas for the payload itself. */
export const UPLOAD_HEADERS: JsonObject = {
  IdempotencyKey: header('Idempotency-Key', 'Stands for one body: sent again, its first receipt.', {
    maxLength: 255,
    examples: ['2026-03-02-morning'],
  }),
  ContentEncoding: header('Content-Encoding', 'Of the body.', { enum: ['gzip', 'identity'] }),
  AutomationName: header('automation-name', 'The automation of the app.', {
    examples: ['Every hour'],
  }),
  AutomationId: header('automation-id', 'Id of the automation.', {}),
  AutomationAggregation: header('automation-aggregation', 'How the numbers are grouped.', {
    examples: ['minutes'],
  }),
  AutomationPeriod: header('automation-period', 'Which span the payload has.', {
    examples: ['Since Last Sync'],
  }),
  SessionId: header('session-id', 'Id of a run of the automation.', {}),
};

export const SECURITY_SCHEMES: JsonObject = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'A key of this server, `ss_<kind>_…`, as a bearer token.',
  },
  xApiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The same key.' },
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'api-key',
    description: "The same key, in the header of the app's own server.",
  },
};
