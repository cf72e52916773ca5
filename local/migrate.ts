import { applyMigrations } from './commands/apply-migrations.ts';
import { runCommand } from './commands/fail.ts';
import { readLocalSettings } from './commands/settings.ts';

/** `npm run migrate`: brings the database of DATABASE_URL to the present schema. */
await runCommand(() => applyMigrations(readLocalSettings(process.env).DATABASE_URL));
