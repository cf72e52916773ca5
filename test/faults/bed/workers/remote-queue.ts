import type { SentMessage } from './protocol.ts';

/** A producer's side of a queue, over HTTP to a broker that outlives this Worker. JSON messages only, as all of ours are. */
export function openRemoteQueue(url: string): Queue {
  const send = async (messages: SentMessage[]) => {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(messages) });
    if (!response.ok) throw new Error(`Queue: ${await response.text()}`);
    await response.body?.cancel();
  };
  const queue = {
    send: (body: unknown, { delaySeconds = null }: { delaySeconds?: number | null } = {}) =>
      send([{ body, delaySeconds }]),
    sendBatch: (
      messages: Iterable<MessageSendRequest>,
      { delaySeconds = null }: { delaySeconds?: number | null } = {},
    ) => send([...messages].map(({ body, ...own }) => ({ body, delaySeconds, ...delayOf(own) }))),
  };
  return queue as unknown as Queue;
}

const delayOf = ({ delaySeconds }: { delaySeconds?: number }) =>
  delaySeconds === undefined ? {} : { delaySeconds };
