// Puts the page of /docs together, where wrangler.toml has its static assets: ours from assets/, Swagger UI out of the
// installed package. Nothing of it is loaded from elsewhere, so that a page that is given keys is ours alone.
// Node built-ins only, no types to strip: it runs wherever `wrangler` runs its [build] command.

import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../assets/docs', import.meta.url));
const TARGET = fileURLToPath(new URL('../dist/assets/docs', import.meta.url));
const SWAGGER_UI = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const FILES = [
  [SOURCE, 'index.html'],
  [SOURCE, 'start.js'],
  [SWAGGER_UI, 'swagger-ui.css'],
  [SWAGGER_UI, 'swagger-ui-bundle.js'],
  [SWAGGER_UI, 'LICENSE'],
  [SWAGGER_UI, 'NOTICE'],
];

/** Leaves an equal file alone, so that a watching wrangler does not build for ever. */
function copyIfNew(from, to) {
  try {
    if (readFileSync(to).equals(readFileSync(from))) return;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  copyFileSync(from, to);
}

mkdirSync(TARGET, { recursive: true });
for (const [folder, name] of FILES) copyIfNew(join(folder, name), join(TARGET, name));
