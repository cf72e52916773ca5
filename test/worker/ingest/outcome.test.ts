import { describe, expect, it } from 'vitest';
import {
  type Database,
  DatabaseFault,
  DatabaseUnexplained,
  DatabaseUnreachable,
  type Row,
  type Statement,
} from '../../../src/database.ts';
import type { Lanes } from '../../../src/ingest/lanes.ts';
import type { SliceMessage } from '../../../src/ingest/message.ts';
import {
  type ProcessDependencies,
  processDeadLetter,
  processSlice,
} from '../../../src/ingest/outcome.ts';
import { RETRY_POLICIES, SUSPICIOUS_SECONDS } from '../../../src/ingest/retry.ts';

/** How a slice ends, before a database and an archive that do what each test says. */

const BAD = 666.5;
const points = (count: number, bad: readonly number[] = []) =>
  Array.from({ length: count }, (_, i) => ({
    qty: bad.includes(i) ? BAD : i,
    date: new Date(Date.UTC(2026, 0, 1) + i * 60_000).toISOString(),
  }));

const bodyOf = (items: readonly object[]) =>
  JSON.stringify({ data: { metrics: [{ name: 'step_count', units: 'count', data: items }] } });

const archive = (text: string) =>
  Object.assign(Object.create(null), {
    get: async () => ({ arrayBuffer: async () => new TextEncoder().encode(text).buffer }),
  }) as R2Bucket;

function messageOf(text: string, items: number, unexplained = 0): SliceMessage {
  const id = crypto.randomUUID();
  const none = { name: null, id: null, aggregation: null, period: null, sessionId: null };
  return {
    version: 1,
    ingestion: {
      id,
      userId: id,
      keyId: id,
      receivedAt: Date.now(),
      correlationId: id,
      timeZone: 'UTC',
      automation: none,
      idempotencyKey: null,
    },
    archived: { rawKey: 'raw', bytes: text.length, sha256: '' },
    slicesTotal: 1,
    slice: {
      number: 0,
      start: 0,
      end: text.length,
      opening: '',
      closing: '',
      items,
      place: { section: '', element: 0, point: 0 },
    },
    unexplained,
  };
}

interface Asked {
  kind: 'load' | 'dry run' | 'query';
  statements: readonly Statement[];
  /** Whether an item is in it that no table takes. */
  hasBad: boolean;
  /** Whether there are no items in it. */
  isEmpty: boolean;
  /** Which request it is, from 1. */
  number: number;
}

/** What Postgres says of a request; `null`: it takes it. */
type Answer = (asked: Asked) => Error | null;

function startDatabase(answer: Answer) {
  const stored: Asked[] = [];
  let number = 0;
  const run = async (kind: Asked['kind'], statements: readonly Statement[]): Promise<Row[][]> => {
    const text = statements.map(({ params }) => params.join()).join();
    const isEmpty = !statements.some((each) => each.text.includes('insert into samples'));
    const asked = {
      kind,
      statements,
      hasBad: text.includes(String(BAD)),
      isEmpty,
      number: ++number,
    };
    const error = answer(asked);
    if (error !== null) throw error;
    if (kind === 'load') stored.push(asked);
    return statements.map(() => [RECEIPT]);
  };
  const database: Database = {
    query: (statement) => run('query', [statement]).then(([rows = []]) => rows),
    queryAs: (_, statement) => run('load', [statement]).then(([rows = []]) => rows),
    transaction: (statements) => run('load', statements),
    dryRun: (statements) => run('dry run', statements).then(() => RECEIPT),
    orm: () => Promise.reject(new Error('not asked for')),
  };
  return { database, stored };
}

const RECEIPT: Row = {
  id: crypto.randomUUID(),
  status: 'stored',
  received_at: new Date().toISOString(),
  completed_at: new Date().toISOString(),
  bytes: 0,
  sha256: '',
  automation: {},
  slices_total: 1,
  slices_loaded: 1,
  issues_total: 0,
  metrics: {},
  issues: [],
  counts: {},
};

interface Delivery {
  items?: readonly object[];
  attempts?: number;
  unexplained?: number;
  isDead?: boolean;
  text?: string;
}

/** Delivers one message. @returns how it ended, and what was done with it */
async function deliver(answer: Answer, options: Delivery = {}) {
  const { items = points(50, [7]), attempts = 1, unexplained = 0, isDead = false } = options;
  const { database, stored } = startDatabase(answer);
  const text = options.text ?? bodyOf(items);
  const sent: SliceMessage[] = [];
  const lane = { send: async (each: SliceMessage) => void sent.push(each) };
  const dependencies: ProcessDependencies = {
    database,
    bucket: archive(text),
    lanes: { live: lane, backfill: lane } as unknown as Lanes,
  };
  const done: { acked: boolean; delaySeconds: number | null } = {
    acked: false,
    delaySeconds: null,
  };
  const message = {
    id: '',
    timestamp: new Date(),
    attempts,
    body: messageOf(text, items.length, unexplained),
    ack: () => {
      done.acked = true;
    },
    retry: ({ delaySeconds = 0 }: QueueRetryOptions = {}) => {
      done.delaySeconds = delaySeconds;
    },
  } satisfies Message;
  const process = isDead ? processDeadLetter : processSlice;
  const { outcome } = await process(message, dependencies);
  const setAside = stored.flatMap(({ statements }) =>
    statements.filter((each) => each.text.includes('insert into set_aside')),
  );
  return { outcome, ...done, sent, stored, setAside };
}

const away = new DatabaseUnreachable('away');
const page = new DatabaseUnexplained('Postgres answered XX000', 'XX000');
const refused = new DatabaseFault('23514', null);
const refusesBad: Answer = ({ hasBad }) => (hasBad ? refused : null);

describe('a slice', () => {
  it('is loaded', async () => {
    expect(await deliver(() => null)).toMatchObject({ outcome: 'loaded', acked: true, sent: [] });
  });

  it('with a bad item is tried again, and then loaded without it', async () => {
    expect(await deliver(refusesBad)).toMatchObject({ outcome: 'retry', delaySeconds: 1 });
    const { outcome, acked, setAside } = await deliver(refusesBad, { attempts: 2 });
    expect([outcome, acked, setAside.length]).toEqual(['partial', true, 1]);
    expect(setAside[0]?.params.join()).toContain('/data/metrics/0/data/7');
  });

  it('of one item that is bad is set aside', async () => {
    const { outcome } = await deliver(refusesBad, { items: points(1, [0]), attempts: 2 });
    expect(outcome).toBe('partial');
  });

  it('is tried again for as long as the queue keeps it while the database is away', async () => {
    for (const attempts of [1, 2, 50, 100]) {
      expect(await deliver(() => away, { attempts })).toMatchObject({
        outcome: 'retry',
        stored: [],
      });
    }
  });

  it('that no longer matches what was cut is failed at once', async () => {
    const { outcome } = await deliver(() => null, { text: bodyOf([]), attempts: 2 });
    expect(outcome).toBe('failed');
  });
});

describe('no good item is set aside', () => {
  it('where the database goes away before any of the dry runs, or before what is left is stored', async () => {
    let requests = 0;
    const counted: Answer = (asked) => {
      requests = asked.number;
      return refusesBad(asked);
    };
    await deliver(counted, { attempts: 2 });
    expect(requests).toBeGreaterThan(15);
    for (let number = 2; number <= requests; number++) {
      const answer: Answer = (asked) => (asked.number >= number ? away : refusesBad(asked));
      const { outcome, stored } = await deliver(answer, { attempts: 2 });
      expect([number, outcome, stored]).toEqual([number, 'retry', []]);
    }
  });

  it('where the database comes back between two of the dry runs', async () => {
    for (const error of [refused, page, new Error('of a kind that is not known')]) {
      for (let number = 2; number < 30; number++) {
        const answer: Answer = (asked) => (asked.number < number ? error : null);
        const items = points(50);
        const { setAside } = await deliver(answer, { items, attempts: 9, unexplained: 9 });
        expect([number, setAside]).toEqual([number, []]);
      }
    }
  });

  it('where everything is refused, with nothing in it, too', async () => {
    for (const isDead of [false, true]) {
      for (const error of [refused, page, new Error('of a kind that is not known')]) {
        const answer: Answer = ({ statements }) =>
          statements.some(({ text }) => text.includes("status = 'failed'")) ? null : error;
        const { setAside } = await deliver(answer, { attempts: 2, unexplained: 9, isDead });
        expect(setAside).toEqual([]);
      }
    }
  });

  it('where all items are refused: the slice waits', async () => {
    const answer: Answer = ({ isEmpty }) => (isEmpty ? null : refused);
    expect(await deliver(answer, { attempts: 2 })).toMatchObject({
      outcome: 'retry',
      delaySeconds: SUSPICIOUS_SECONDS,
      stored: [],
    });
  });

  it('where a fault that nothing explains comes in between', async () => {
    const answer: Answer = (asked) => (asked.number === 5 ? page : refusesBad(asked));
    const { outcome, stored, sent } = await deliver(answer, { attempts: 2 });
    expect([outcome, stored, sent[0]?.unexplained]).toEqual(['retry', [], 1]);
  });
});

describe('a fault that nothing explains', () => {
  const { attempts: most } = RETRY_POLICIES.unexplained;

  it.each([
    ['of the database', page],
    ['of any other kind', new TypeError('not known')],
  ])('%s is counted in the message, whatever else the queue has counted', async (_, error) => {
    const { outcome, acked, delaySeconds, sent } = await deliver(() => error, { attempts: 60 });
    expect([outcome, acked, delaySeconds]).toEqual(['retry', true, null]);
    expect(sent.map(({ unexplained }) => unexplained)).toEqual([1]);
  });

  it('passes for one of the items only after minutes, and if it stays with them', async () => {
    const answer: Answer = ({ hasBad }) => (hasBad ? page : null);
    const early = await deliver(answer, { unexplained: most - 2 });
    expect([early.outcome, early.stored]).toEqual(['retry', []]);
    const late = await deliver(answer, { unexplained: most - 1 });
    expect([late.outcome, late.setAside.length]).toEqual(['partial', 1]);
  });
});

describe('a dead letter', () => {
  it('waits while the database is away', async () => {
    const { outcome, delaySeconds } = await deliver(() => away, { isDead: true });
    expect([outcome, delaySeconds]).toEqual(['retry', SUSPICIOUS_SECONDS]);
  });

  it('fails its receipt where the items are refused, but not single ones', async () => {
    const answer: Answer = ({ isEmpty }) => (isEmpty ? null : refused);
    const { outcome, acked } = await deliver(answer, { isDead: true });
    expect([outcome, acked]).toEqual(['failed', true]);
  });
});
