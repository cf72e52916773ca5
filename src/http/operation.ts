import type { Context, Handler, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import type { ProblemCode } from '../codes.ts';
import { type Hold, requireKey, type Scope } from './auth.ts';
import type { AppEnv } from './context.ts';
import { announcementOf } from './expensive.ts';
import type { Format } from './format.ts';
import { HttpProblem } from './problem.ts';
import { pollQuota, readQuota, uploadQuota } from './quota.ts';
import { type Shape, validated } from './validation.ts';

type Parsed<S extends Shape | undefined> = S extends Shape ? z.infer<S> : undefined;

interface Input<
  P extends Shape | undefined,
  Q extends Shape | undefined,
  J extends Shape | undefined,
> {
  params: Parsed<P>;
  query: Parsed<Q>;
  json: Parsed<J>;
}

/** A route as data: what it is called, who may call it, what it takes and what answers. */
export interface Operation {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** In Hono's notation: `/api/v1/things/:id`. */
  path: string;
  summary: string;
  /** `null`: open to all. */
  scope: Scope | null;
  /** Which hourly allowance it draws on. */
  quota: 'none' | 'reads' | 'polls' | 'uploads';
  /** The schemas that validate what it takes. */
  params?: Shape | undefined;
  query?: Shape | undefined;
  json?: Shape | undefined;
  /** What `data` of its answer looks like. */
  answer?: z.ZodType;
  /** The answer comes without the envelope, as this media type. */
  bare?: string;
  /** In which forms it answers, if not in JSON alone. */
  formats?: readonly Format[];
  /** Whole documents that it answers with in place of the envelope: media type, and what is in it. */
  documents?: Readonly<Record<string, z.ZodType>>;
  /** With which statuses the answer comes, if not with 200 alone. */
  statuses?: readonly number[];
  /** How it may be refused, besides what scope, quota and schemas bring with them. */
  problems?: readonly ProblemCode[];
  /** Its body is a payload of the app: read by the decoder, not validated by a schema. */
  takesPayload?: true;
  /** Headers that it reads, besides those that key, body and conditions bring with them. */
  headers?: readonly string[];
  /** One such request may hold an isolate or the database for seconds. */
  isExpensive?: true;
  /** What clients call it, where method and path make no good name. */
  id?: string;
  steps: readonly (MiddlewareHandler<AppEnv> | Handler<AppEnv>)[];
}

interface Definition<
  P extends Shape | undefined,
  Q extends Shape | undefined,
  J extends Shape | undefined,
> extends Omit<Operation, 'steps' | 'params' | 'query' | 'json'> {
  params?: P;
  query?: Q;
  json?: J;
  handler: (c: Context<AppEnv>, input: Input<P, Q, J>) => Promise<Response>;
  /** Answers in place of quota, validation and handler while the database cannot say whose a genuine key is. */
  hold?: Hold;
}

/** The routes at a path, one a method. */
export const operationsAt = (operations: readonly Operation[], path: string): Operation[] =>
  operations.filter((each) => matches(each.path, path));

const matches = (pattern: string, path: string): boolean => {
  const wanted = pattern.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((part, i) => part.startsWith(':') || part === given[i])
  );
};

/** What a person writes by hand; payloads have limits of their own. */
const MAX_JSON_BYTES = 64 * 1024;

const smallBody: MiddlewareHandler<AppEnv> = bodyLimit({
  maxSize: MAX_JSON_BYTES,
  onError: () => {
    const detail = `A request of this kind may have ${MAX_JSON_BYTES} bytes. Send fewer things at once.`;
    throw new HttpProblem('body_too_large', { detail });
  },
});

const QUOTAS = { reads: readQuota, polls: pollQuota, uploads: uploadQuota };

/** Puts key, quota and validation before the handler, in this order. */
export function operation<
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  J extends Shape | undefined = undefined,
>(definition: Definition<P, Q, J>): Operation {
  const { handler, hold, ...described } = definition;
  const { params, json } = described;
  const announcement = announcementOf(described);
  return {
    ...described,
    steps: [
      ...(described.scope === null ? [] : [requireKey(described.scope, hold)]),
      ...(announcement === null ? [] : [announcement]),
      ...(described.quota === 'none' ? [] : [QUOTAS[described.quota]]),
      ...(params === undefined ? [] : [validated('param', params)]),
      ...queryStepsOf(described),
      ...(json === undefined ? [] : [smallBody, validated('json', json)]),
      (c: Context<AppEnv>) => handler(c, inputOf<P, Q, J>(c)),
    ],
  };
}

/**
 * A parameter that is not known is refused: a question whose `form` is dropped is answered with days that nobody asked
 * for. Uploads are taken whatever stands after their path, and open pages take no parameters.
 */
function queryStepsOf({
  scope,
  query,
  takesPayload,
}: Pick<Operation, 'scope' | 'query' | 'takesPayload'>) {
  const schema = query ?? (scope === null || takesPayload ? undefined : z.object({}));
  return schema === undefined ? [] : [validated('query', schema.strict())];
}

/** What the validators above have left: they ran with these very schemas, which is why the cast is safe. */
function inputOf<
  P extends Shape | undefined,
  Q extends Shape | undefined,
  J extends Shape | undefined,
>(c: Context<AppEnv>): Input<P, Q, J> {
  const valid = (target: string) => c.req.valid(target as never) as unknown;
  return { params: valid('param'), query: valid('query'), json: valid('json') } as Input<P, Q, J>;
}
