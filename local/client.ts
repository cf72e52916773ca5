import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TypedDocument, typesOf } from './client/document-types.ts';
import { runCommand } from './commands/fail.ts';
import { root } from './stack/root.ts';
import { startStack } from './stack/stack.ts';

/** `npm run client`: writes the types of the API, as it describes itself, for whoever calls it in TypeScript. */

await runCommand(async () => {
  const stack = await startStack({ dataDir: null, only: ['api'] });
  try {
    const response = await fetch(`${stack.url}/openapi.json`);
    const document = (await response.json()) as TypedDocument;
    await writeFile(join(root, 'client/api.d.ts'), typesOf(document));
    console.log(`client/api.d.ts has ${Object.keys(document.paths).length} paths.`);
  } finally {
    await stack.stop();
  }
});
process.exit();
