import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { type ProxyFault, startFaultProxy } from './fault-proxy.ts';
import { FaultPlan, type Often } from './plan.ts';
import type { Random } from './random.ts';

/** The archive outside of both Workers: R2's simulator in a runtime of its own, behind a server that has faults. */

export type CloudOperation =
  | 'put'
  | 'get'
  | 'head'
  | 'delete'
  | 'list'
  | 'createMultipartUpload'
  | 'uploadPart'
  | 'completeMultipartUpload'
  | 'abortMultipartUpload';

/** The common ones have a name. */
const FAULTS = {
  /** R2 says no, and has done nothing. */
  error: { kind: 'answer', status: 500, body: 'internal error (10001)' },
  'not found': { kind: 'answer', status: 404, body: '' },
  slow: { kind: 'slow', ms: 1_000 },
  /** Only of `get` and `list`: half of the bytes. */
  short: { kind: 'short' },
  /** The connection breaks before anything is done. */
  broken: { kind: 'broken' },
  /** It is done, but the Worker never hears of it. */
  lost: { kind: 'lost' },
} as const satisfies Record<string, ProxyFault>;
export type CloudFault = keyof typeof FAULTS;

/** The bucket as tests see it, past all faults. */
export interface Bucket {
  list(options: { prefix: string }): Promise<{ objects: { key: string; size: number }[] }>;
  get(key: string): Promise<{ text(): Promise<string> } | null>;
  head(key: string): Promise<{ customMetadata?: Record<string, string> } | null>;
  put(key: string, text: string): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}

export interface Cloud {
  url: string;
  bucket: Bucket;
  /** @param fault a name, or one to measure, such as `{ kind: 'slow', ms: 50 }`. */
  failNext(operation: CloudOperation | 'any', fault: CloudFault | ProxyFault, often?: Often): void;
  /** How many faults there have been. */
  readonly faults: number;
  reset(): void;
  stop(): Promise<void>;
}

export async function startCloud(random: Random): Promise<Cloud> {
  const miniflare = startArchive();
  const plan = new FaultPlan<CloudOperation, ProxyFault>(random);
  const server = await startFaultProxy((await miniflare.ready).origin, (path) =>
    plan.next(path.slice(1) as CloudOperation),
  );
  return {
    url: server.url,
    // Miniflare types its R2 by the types of the runtime, which Node does not have.
    bucket: (await miniflare.getR2Bucket('RAW')) as unknown as Bucket,
    failNext: (operation, fault, often = 1) =>
      plan.add(operation, typeof fault === 'string' ? FAULTS[fault] : fault, often),
    get faults() {
      return plan.dealt;
    },
    reset: () => plan.reset(),
    stop: async () => {
      await server.stop();
      await miniflare.dispose();
    },
  };
}

function startArchive(): Miniflare {
  const module = (name: string) => {
    const source = readFileSync(join(import.meta.dirname, 'workers', name), 'utf8');
    return { type: 'ESModule' as const, path: name, contents: stripTypeScriptTypes(source) };
  };
  return new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      modules: [module('archive.ts'), module('protocol.ts')],
      compatibilityDate: '2026-11-01',
      r2Buckets: ['RAW'],
    }),
  );
}
