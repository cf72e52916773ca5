import { createApp } from './http/app.ts';
import { OPERATIONS } from './routes/index.ts';

const app = createApp(OPERATIONS);

/** The Worker at the edge (wrangler.toml). */
export default { fetch: app.fetch } satisfies ExportedHandler<Env>;
