import { expect, it } from 'vitest';
import { serveJson } from '../../../local/stack/http-server.ts';

it('a body that is no JSON is answered, and the server goes on', async () => {
  const server = await serveJson(async (_, body) => ({ status: 200, body }));
  expect((await fetch(server.url, { method: 'POST', body: '{' })).status).toBe(500);
  const answer = await fetch(server.url, { method: 'POST', body: '{"a":1}' });
  expect(await answer.json()).toEqual({ a: 1 });
  await server.stop();
  await expect(fetch(server.url)).rejects.toThrow();
});
