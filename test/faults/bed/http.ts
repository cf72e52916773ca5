import { createServer, type IncomingMessage, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { HttpServer } from '../../../local/stack/http-server.ts';

/** A server of the loopback interface. @param port 0 takes a free one. */
export async function listen(answer: RequestListener, port = 0): Promise<HttpServer> {
  const server = createServer(answer);
  // As in local/stack: whoever asks ends idle connections.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Nobody listens there: certainly nothing was done. */
export class Refused extends Error {
  override name = 'Refused';
}

/**
 * Posts JSON on a connection of its own, so that a broken one is the news of this request alone.
 * @throws Refused, or any other error if the connection broke when the server may have begun.
 */
export async function postJson(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { method: 'POST', agent: false, headers }, resolve)
      .once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'ECONNREFUSED' ? new Refused(url) : error),
      )
      .end(JSON.stringify(body));
  });
  return { status: response.statusCode ?? 0, text: await text(response) };
}
