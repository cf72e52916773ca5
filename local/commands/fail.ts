import { MigrationRefused } from '../../migrations/run.ts';

/** Something a person can mend: one clear line, no stack trace. */
export class Complaint extends Error {
  override name = 'Complaint';
}

/** Runs a command; what it cannot do, it says in one line and with exit code 1. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof Complaint || error instanceof MigrationRefused)
      console.error(`✗ ${error.message}`);
    else console.error(error);
  }
}
