import { setTimeout } from 'node:timers/promises';
import type { Receipt } from '../../../src/model.ts';
import type { Person } from './people.ts';

/** What tests ask of the API. */

export interface Answer {
  status: number;
  headers: Headers;
  /** The envelope, or the problem document. */
  body: { success: boolean; data: Receipt; error?: string; correlation_id?: string };
}

export interface Client {
  /** @throws if there is no connection, or it breaks */
  call(path: string, key: string | null, init?: RequestInit): Promise<Answer>;
  post(person: Person, body: BodyInit, headers?: Record<string, string>): Promise<Answer>;
  /** The receipt once it is closed, through whatever fails meanwhile. */
  closed(person: Person, id: string, patienceMs?: number): Promise<Receipt>;
  /** From now on the API takes requests of this client for so much later. */
  setClock(aheadMs: number): void;
}

const POLL_MS = 100;

export function openClient(url: string): Client {
  let aheadMs = 0;
  const call: Client['call'] = async (path, key, init = {}) => {
    const response = await fetch(`${url}${path}`, {
      ...init,
      headers: {
        ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
        // Each call from an address of its own: the limit of attempts is not what most tests are about.
        'CF-Connecting-IP': `10.${[1, 2, 3].map(() => Math.floor(Math.random() * 256)).join('.')}`,
        // Connections do not outlive a Worker that is killed.
        Connection: 'close',
        ...(aheadMs === 0 ? {} : { 'bed-clock-skew-ms': String(aheadMs) }),
        ...(init.headers as Record<string, string>),
      },
      ...(init.body instanceof ReadableStream ? { duplex: 'half' } : {}),
    } as RequestInit);
    const { status, headers } = response;
    return { status, headers, body: (await response.json()) as Answer['body'] };
  };
  return {
    call,
    setClock: (ahead) => {
      aheadMs = ahead;
    },
    post: (person, body, headers = {}) =>
      call('/api/v1/sync', person.keys.ing, { method: 'POST', body, headers }),
    closed: async (person, id, patienceMs = 120_000) => {
      let last = 'no answer';
      for (const end = Date.now() + patienceMs; Date.now() < end; await setTimeout(POLL_MS)) {
        const answer = await call(`/api/v1/ingestions/${id}`, person.keys.read).catch(String);
        if (typeof answer === 'string') last = answer;
        else if (answer.body.data?.completed_at) return answer.body.data;
        else last = `${answer.status} ${answer.body.error ?? answer.body.data?.status}`;
      }
      throw new Error(`The receipt ${id} does not close: ${last}`);
    },
  };
}
