import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface HttpAnswer {
  status: number;
  body: unknown;
}

/** One that is written as it is. */
export interface TextAnswer {
  /** `null`: the connection breaks without an answer. */
  status: number | null;
  type: string;
  text: string;
}

export interface HttpServer {
  url: string;
  stop(): Promise<void>;
}

/** A small JSON server on a free port of the loopback interface. */
export async function serveJson(
  answer: (request: IncomingMessage, body: unknown) => Promise<HttpAnswer | TextAnswer>,
): Promise<HttpServer> {
  const server = createServer(async (request, response) => {
    const { status, type, text } = await readJson(request)
      .then((json) => answer(request, json))
      .catch((error: Error) => ({ status: 500, body: { message: error.message } }))
      .then(asText);
    if (status === null) response.destroy();
    else response.writeHead(status, { 'Content-Type': type }).end(text);
  });
  // The client ends idle connections. If we did, a request could be under way to one just then.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const asText = (answer: HttpAnswer | TextAnswer): TextAnswer =>
  'text' in answer
    ? answer
    : { status: answer.status, type: 'application/json', text: JSON.stringify(answer.body) };

const readJson = async (request: IncomingMessage): Promise<unknown> =>
  JSON.parse((await buffer(request)).toString() || 'null');
