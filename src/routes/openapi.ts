import { type Operation, operation } from '../http/operation.ts';
import { toDocument } from '../openapi/document.ts';
import { VERSION } from '../version.ts';
import { documentAnswer } from './answers/document.ts';

/** The description of all routes, this one included. @param all read when first asked for */
export function openApiRoute(all: () => readonly Operation[]): Operation {
  // Made once an isolate, and not before somebody asks.
  let text: string | null = null;
  return operation({
    method: 'GET',
    path: '/openapi.json',
    id: 'getOpenApi',
    summary: 'This API, as OpenAPI 3.1.',
    scope: null,
    quota: 'none',
    bare: 'application/json',
    answer: documentAnswer,
    handler: async (c) => {
      text ??= JSON.stringify(toDocument(all(), VERSION));
      return c.body(text, 200, {
        'Content-Type': 'application/json',
        'Cache-Control': 'public, max-age=300',
      });
    },
  });
}
