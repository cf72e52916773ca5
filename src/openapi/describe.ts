import { SCOPES, type Scope } from '../http/auth.ts';
import type { Operation } from '../http/operation.ts';
import type { Json } from '../model.ts';
import { answerContent } from './answers.ts';
import type { JsonObject } from './components.ts';
import { operationIdOf, tagOf } from './names.ts';
import { describeRefusal, refusalsOf } from './refusals.ts';
import { bodyOf, parametersOf } from './requests.ts';
import type { SchemaBook } from './schema-book.ts';

/** One route as an Operation Object. */
export function describeOperation(operation: Operation, book: SchemaBook): JsonObject {
  const { path, summary, scope } = operation;
  const parameters = parametersOf(operation, book);
  const requestBody = bodyOf(operation, book);
  return {
    operationId: operationIdOf(operation),
    tags: [tagOf(path)],
    summary,
    description: whoMayCall(operation),
    'x-key-kinds': scope === null ? [] : kindsWith(scope),
    security:
      scope === null ? [] : [{ bearer: [scope] }, { xApiKey: [scope] }, { apiKey: [scope] }],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(requestBody === null ? {} : { requestBody }),
    responses: responsesOf(operation, book),
  };
}

const ALLOWANCES: Readonly<Record<Operation['quota'], string>> = {
  none: '',
  reads: ' Counts against its hourly questions.',
  polls: ' Counts against an hourly allowance of its own, ten times that of questions.',
  uploads: ' Counts against its hourly uploads and bytes.',
};

const kindsWith = (scope: Scope): string[] =>
  Object.entries(SCOPES)
    .filter(([, scopes]) => scopes.includes(scope))
    .map(([kind]) => kind);

function whoMayCall({ scope, quota }: Operation): string {
  if (scope === null) return 'Open to all.';
  const kinds = kindsWith(scope).map((kind) => `\`${kind}\``);
  return `Takes a key with the scope \`${scope}\`: of kind ${kinds.join(' or ')}.${ALLOWANCES[quota]}`;
}

function responsesOf(operation: Operation, book: SchemaBook): JsonObject {
  const content = answerContent(operation, book);
  const responses: Record<string, JsonObject> = {};
  for (const status of operation.statuses ?? [200]) {
    responses[status] = {
      description: ANSWERS[status] ?? 'The answer.',
      headers: answerHeaders(operation, status),
      content,
    };
  }
  if (isQuestion(operation)) responses[304] = { description: 'It is as it was.' };
  for (const [status, codes] of refusalsOf(operation)) {
    const refusal = describeRefusal(status, codes);
    const answered = responses[status];
    responses[status] = answered === undefined ? refusal : joined(answered, refusal);
  }
  return responses;
}

/** A status that some answers share with refusals. */
const joined = (answer: JsonObject, refusal: JsonObject): JsonObject => ({
  ...answer,
  description: `${answer.description}\n\n${refusal.description}`,
  content: { ...(answer.content as JsonObject), ...(refusal.content as JsonObject) },
});

const ANSWERS: Readonly<Record<number, string>> = {
  200: 'Done.',
  201: 'Made.',
  202: 'Taken; the work goes on.',
  207: 'Done in part.',
  503: 'Not well.',
};

/** What is asked of health data is answered with a validator. */
const isQuestion = ({ method, scope, bare }: Operation): boolean =>
  method === 'GET' && scope === 'read' && bare === undefined;

function answerHeaders(operation: Operation, status: number): JsonObject {
  const names = [
    'X-Correlation-Id',
    ...(operation.quota === 'none' ? [] : ['RateLimit', 'RateLimit-Policy']),
    ...(isQuestion(operation) ? ['ETag', 'Link'] : []),
    ...(status === 201 || status === 202 ? ['Location'] : []),
  ];
  const references = names.map((name): [string, Json] => [
    name,
    { $ref: `#/components/headers/${name}` },
  ]);
  return Object.fromEntries(references);
}
