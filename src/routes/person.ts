import type { Database } from '../database.ts';
import { HttpProblem } from '../http/problem.ts';
import { selectPerson } from '../store/find-open.ts';

/** The id of whoever has an address. @throws HttpProblem */
export async function personOf(database: Database, email: string): Promise<string> {
  const [person] = await database.query(selectPerson(email.trim().toLowerCase()));
  if (person === undefined)
    throw new HttpProblem('not_found', { detail: 'There is no such person.' });
  return String(person.id);
}
