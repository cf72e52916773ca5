import type { Database } from '../database.ts';
import { HttpProblem } from '../http/problem.ts';
import { INSTALLATION } from '../model.ts';
import { selectPerson } from '../store/find-open.ts';

/** For what is a person's: the installation is nobody. @throws HttpProblem */
export function requirePerson(userId: string): void {
  if (userId !== INSTALLATION) return;
  const message = 'Whose? This key belongs to the installation, and to no person: name one.';
  throw new HttpProblem('invalid_parameter', {
    errors: [{ pointer: '/person', code: 'person_missing', message }],
  });
}

/** The id of whoever has an address. @throws HttpProblem */
export async function personOf(database: Database, email: string): Promise<string> {
  const [person] = await database.query(selectPerson(email.trim().toLowerCase()));
  if (person === undefined)
    throw new HttpProblem('not_found', { detail: 'There is no such person.' });
  return String(person.id);
}
