import { z } from 'zod';

/** As much of an OpenAPI document as tells it from something else. */
export const documentAnswer = z.looseObject({
  openapi: z.string().meta({ examples: ['3.1.1'] }),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.looseObject({})),
});
