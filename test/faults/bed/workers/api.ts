import api from '../../../../src/api.ts';
import { CLOCK_HEADER, wrap } from './wrap.ts';

/** The API of production, with the bed's archive and queues. */

const handler: ExportedHandler<Env> = api;

export default {
  async fetch(request, env, ctx) {
    if (handler.fetch === undefined) throw new Error('The API answers no requests.');
    return handler.fetch(request, wrap(env, request.headers.get(CLOCK_HEADER)), ctx);
  },
} satisfies ExportedHandler<Env>;
