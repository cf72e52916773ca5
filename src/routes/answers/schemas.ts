import { z } from 'zod';

export const schemaListAnswer = z
  .record(z.string(), z.url())
  .describe('The address of each schema by its name.')
  .meta({ examples: [{ payload: 'https://health.example.org/schemas/payload' }] });

export const schemaAnswer = z
  .looseObject({ $schema: z.url(), type: z.string() })
  .describe('A JSON Schema, draft 2020-12.')
  .meta({
    examples: [
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
      },
    ],
  });
