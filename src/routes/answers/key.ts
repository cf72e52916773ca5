import { z } from 'zod';

const limit = z.number().nullable().describe("null: the installation's own limit.");

const EXAMPLE = {
  id: '7d9e1c2b-3a4f-4b5c-8d6e-7f8091a2b3c4',
  kind: 'read',
  name: 'board',
  person_id: 'a3c5e7f9-1b2d-4f60-8a9b-0c1d2e3f4a5b',
  person: 'ada@example.org',
  requests_per_hour: null,
  bytes_per_hour: null,
  created_at: '2026-03-02T07:41:00.000Z',
  expires_at: null,
  revoked_at: null,
};

const key = z.object({
  id: z.uuid(),
  kind: z.enum(['ing', 'read', 'admin']),
  name: z.string().nullable(),
  person_id: z.uuid(),
  person: z.string().nullable().describe('null: the installation, which is no person.'),
  requests_per_hour: limit,
  bytes_per_hour: limit,
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable().describe('null: never.'),
  revoked_at: z.iso.datetime().nullable(),
});

export const keyAnswer = key.meta({
  id: 'Key',
  description: 'A key, without its secret.',
  examples: [EXAMPLE],
});

export const newKeyAnswer = key
  .extend({ key: z.string().describe('The key itself, shown this once.') })
  .meta({
    id: 'NewKey',
    examples: [{ ...EXAMPLE, key: `ss_read_${'0'.repeat(61)}` }],
  });

export const revokedAnswer = z
  .object({ id: z.uuid(), revoked: z.literal(true) })
  .meta({ examples: [{ id: EXAMPLE.id, revoked: true }] });
