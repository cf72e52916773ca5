import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type HttpServer, serveJson } from './http-server.ts';
import type { Switch } from './switch.ts';

/**
 * Speaks Upstash's REST protocol in front of a Redis: `/` takes one command, `/pipeline` several, `/multi-exec`
 * several as one transaction. Replies are base64 where the client asks for it, which its library does.
 */

export type RedisCommand = readonly [name: string, ...args: string[]];

export interface RedisBackend {
  run(command: RedisCommand): Promise<unknown>;
  /** As one transaction. A command that fails in it does not undo the others; one that is unknown fails them all. */
  runAll(commands: readonly RedisCommand[]): Promise<[error: Error | null, reply: unknown][]>;
  close(): Promise<void>;
}

const argument = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const command = z.tuple([z.string()], argument);
const commands = z.array(command);

type Reply = { result: unknown } | { error: string };

/** What Upstash would bill: every command, and those that scripts call. */
export interface Bill {
  commands: number;
}

export async function startUpstashEndpoint(
  backend: RedisBackend,
  token: string,
  { power, bill = { commands: 0 } }: { power: Switch; bill?: Bill },
): Promise<HttpServer> {
  const scripts = new Scripts();

  const replyTo = (sent: RedisCommand, reply: unknown): unknown => {
    bill.commands += 1;
    if (!isScript(sent)) return reply;
    const [calls, result = null] = scriptReply.parse(reply);
    bill.commands += calls;
    return result;
  };
  const run = async (sent: RedisCommand): Promise<unknown> =>
    replyTo(sent, await backend.run(scripts.translate(sent)));
  const runTransaction = async (all: readonly RedisCommand[]): Promise<Reply[]> => {
    const replies = await backend.runAll(all.map((each) => scripts.translate(each)));
    return all.map((sent, i) => {
      const [error, reply] = replies[i] ?? [new Error('ERR no reply'), null];
      return error === null ? { result: replyTo(sent, reply) } : failure(error);
    });
  };
  const answer = async (path: string, body: unknown): Promise<Reply | Reply[]> => {
    if (path === '/multi-exec') return runTransaction(commands.parse(body));
    if (path !== '/pipeline') return { result: await run(command.parse(body)) };
    const replies = commands.parse(body).map((each) => run(each).then(toResult, failure));
    return Promise.all(replies);
  };

  return serveJson(async (request, body) => {
    if (power.isOff) return { status: 503, body: { error: 'The cache is away' } };
    if (request.headers.authorization !== `Bearer ${token}`) {
      return { status: 401, body: { error: 'Unauthorized' } };
    }
    try {
      const reply = await answer(request.url ?? '/', body);
      const encoded = request.headers['upstash-encoding'] === 'base64';
      return { status: 200, body: encoded ? encodeReply(reply) : reply };
    } catch (error) {
      return { status: 400, body: failure(error) };
    }
  });
}

const toResult = (result: unknown): Reply => ({ result });
const failure = (error: unknown): Reply => ({
  error: error instanceof Error ? error.message : String(error),
});

const isScript = ([name]: RedisCommand): boolean => /^eval(sha)?$/i.test(name);

/** A script that tells, beside its own reply, how many commands it has called. */
const counting = (script: string): string => `
  local calls, server = 0, redis
  local redis = { call = function(...) calls = calls + 1; return server.call(...) end }
  local function script()
    ${script}
  end
  local reply = script()
  return { calls, reply }
`;
const scriptReply = z.tuple([z.coerce.number()], z.unknown());

/** Lua scripts by the hash that a client knows them under. */
class Scripts {
  readonly #byHash = new Map<string, string>();

  /** Upstash's own first line, `#!lua flags=allow-key-locking`, means nothing to any other Redis. */
  translate(sent: RedisCommand): RedisCommand {
    const [name, script = '', ...rest] = sent;
    switch (name.toUpperCase()) {
      case 'EVAL': {
        const plain = counting(script.replace(/^#!lua[^\n]*\n/, ''));
        this.#byHash.set(createHash('sha1').update(script).digest('hex'), plain);
        return ['EVAL', plain, ...rest];
      }
      case 'EVALSHA': {
        const plain = this.#byHash.get(script.toLowerCase());
        if (plain === undefined) throw new Error('NOSCRIPT No matching script. Please use EVAL.');
        return ['EVAL', plain, ...rest];
      }
      default:
        return sent;
    }
  }
}

/** Upstash leaves the one string `OK` as it is. */
function encodeReply(reply: unknown): unknown {
  if (Array.isArray(reply)) return reply.map(encodeReply);
  if (typeof reply !== 'object' || reply === null || !('result' in reply)) return reply;
  return { result: encodeResult(reply.result) };
}

function encodeResult(result: unknown): unknown {
  if (Array.isArray(result)) return result.map(encodeResult);
  if (typeof result !== 'string' || result === 'OK') return result;
  return Buffer.from(result).toString('base64');
}
