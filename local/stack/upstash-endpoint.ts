import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type HttpAnswer, type HttpServer, serveJson } from './http-server.ts';
import type { Switch } from './switch.ts';

/**
 * Speaks Upstash's REST protocol in front of a Redis: `/` takes one command, `/pipeline` several, `/multi-exec`
 * several as one transaction. Replies are base64 where the client asks for it, which its library does.
 */

export interface RedisBackend {
  run(command: string, args: string[]): Promise<unknown>;
  /** All or none. */
  runAll(commands: readonly [command: string, ...args: string[]][]): Promise<unknown[]>;
  close(): Promise<void>;
}

const argument = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const command = z.tuple([z.string()], argument);
const commands = z.array(command);

type Command = z.infer<typeof command>;
type Reply = { result: unknown } | { error: string };

export async function startUpstashEndpoint(
  backend: RedisBackend,
  token: string,
  power: Switch,
): Promise<HttpServer> {
  const scripts = new Scripts();

  const run = async ([name, ...args]: Command): Promise<Reply> => {
    try {
      return { result: await backend.run(...scripts.translate(name, args)) };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  };
  const runTransaction = async (all: readonly Command[]): Promise<HttpAnswer> => {
    const results = await backend.runAll(all);
    return { status: 200, body: results.map((result) => ({ result })) };
  };
  const answer = async (path: string, body: unknown): Promise<HttpAnswer> => {
    if (path === '/pipeline') {
      return { status: 200, body: await Promise.all(commands.parse(body).map(run)) };
    }
    if (path === '/multi-exec') return runTransaction(commands.parse(body));
    const reply = await run(command.parse(body));
    return { status: 'error' in reply ? 400 : 200, body: reply };
  };

  return serveJson(async (request, body) => {
    if (power.isOff) return { status: 503, body: { error: 'The cache is away' } };
    if (request.headers.authorization !== `Bearer ${token}`) {
      return { status: 401, body: { error: 'Unauthorized' } };
    }
    const reply = await answer(request.url ?? '/', body);
    const encoded = request.headers['upstash-encoding'] === 'base64';
    return encoded ? { ...reply, body: encodeReply(reply.body) } : reply;
  });
}

/** Lua scripts by the hash that a client knows them under. */
class Scripts {
  readonly #byHash = new Map<string, string>();

  /** Upstash's own first line, `#!lua flags=allow-key-locking`, means nothing to any other Redis. */
  translate(name: string, args: string[]): [string, string[]] {
    const [script = '', ...rest] = args;
    switch (name.toUpperCase()) {
      case 'EVAL': {
        const plain = script.replace(/^#!lua[^\n]*\n/, '');
        this.#byHash.set(createHash('sha1').update(script).digest('hex'), plain);
        return ['EVAL', [plain, ...rest]];
      }
      case 'EVALSHA': {
        const plain = this.#byHash.get(script.toLowerCase());
        if (plain === undefined) throw new Error('NOSCRIPT No matching script. Please use EVAL.');
        return ['EVAL', [plain, ...rest]];
      }
      default:
        return [name, args];
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
