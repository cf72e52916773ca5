import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type ConsumeDependencies, consume } from '../../src/ingest/consume.ts';

beforeEach(() => void vi.spyOn(console, 'log').mockReturnValue());
afterEach(() => void vi.restoreAllMocks());

const messageOf = (body: unknown) => ({ body, attempts: 1, ack: vi.fn(), retry: vi.fn() });

it('a step of long work that the work queue does not take comes again, and the rest of its batch goes on', async () => {
  const [away, taken] = [messageOf('away'), messageOf('taken')];
  const dependencies = {
    forward: async (body: unknown) => {
      if (body === 'away') throw new Error('The queue is away');
      return true;
    },
  } as unknown as ConsumeDependencies;
  const batch = { queue: 'self-sensored-live', messages: [away, taken] };
  await consume(batch as unknown as MessageBatch, dependencies);
  expect(away.retry).toHaveBeenCalledExactlyOnceWith({ delaySeconds: expect.any(Number) });
  expect(away.ack).not.toHaveBeenCalled();
  expect(taken.ack).toHaveBeenCalledOnce();
});
