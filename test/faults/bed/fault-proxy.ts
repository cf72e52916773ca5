import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import type { HttpServer } from '../../../local/stack/http-server.ts';
import { listen } from './http.ts';

/** A server in front of another one that does what it is told with each request. */

export type ProxyFault =
  /** Asked and answered, but later. */
  | { kind: 'slow'; ms: number }
  /** Answered without asking. */
  | { kind: 'answer'; status: number; body: string }
  /** The connection breaks before anything is asked. */
  | { kind: 'broken' }
  /** All is done, but the connection breaks before the answer. */
  | { kind: 'lost' }
  /** Half of the answer's body, as if that were all. */
  | { kind: 'short' };

/** @param choose given the path of a request; `null`: it passes as it is. */
export const startFaultProxy = (
  target: string,
  choose: (path: string) => ProxyFault | null,
): Promise<HttpServer> =>
  listen((asked, answer) => {
    pass(target, asked, answer, choose(asked.url ?? '/')).catch(() => answer.destroy());
  });

async function pass(
  target: string,
  asked: IncomingMessage,
  answer: ServerResponse,
  fault: ProxyFault | null,
): Promise<void> {
  if (fault?.kind === 'broken') return void asked.destroy();
  if (fault?.kind === 'answer') return answerAtOnce(asked, answer, fault.status, fault.body);
  if (fault?.kind === 'slow') await setTimeout(fault.ms);

  const response = await forward(target, asked, answer);
  if (fault?.kind === 'lost') {
    await buffer(response);
    return void answer.destroy();
  }
  if (fault?.kind !== 'short') return relay(response, answer);
  const all = await buffer(response);
  const { 'content-length': _, 'transfer-encoding': __, ...headers } = response.headers;
  answer.writeHead(response.statusCode ?? 502, headers).end(all.subarray(0, all.length >> 1));
}

/** What is still coming is let run out: a reset would take the answer with it. */
function answerAtOnce(
  asked: IncomingMessage,
  answer: ServerResponse,
  status: number,
  body: string,
): void {
  answer.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
  asked.resume();
}

/** A client that goes away in the middle of a body takes the request behind us with it, and the other way round. */
const forward = (target: string, asked: IncomingMessage, answer: ServerResponse) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    // Compressed, half of the bytes would not be half of the content.
    const { host: _, connection: __, 'accept-encoding': ___, ...headers } = asked.headers;
    const path = asked.url ?? '/';
    const { method = 'GET' } = asked;
    const behind = request(`${target}${path}`, { method, headers, agent: false }, resolve);
    behind.once('error', reject);
    answer.once('close', () => behind.destroy());
    pipeline(asked, behind, (error) => error && reject(error));
  });

function relay(response: IncomingMessage, answer: ServerResponse): void {
  const {
    connection: _,
    'keep-alive': __,
    'transfer-encoding': ___,
    ...headers
  } = response.headers;
  answer.writeHead(response.statusCode ?? 502, headers);
  pipeline(response, answer, () => {});
}
