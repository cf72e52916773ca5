import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Receipt } from '../../src/model.ts';
import { root } from '../stack/root.ts';
import type { Stack } from '../stack/stack.ts';
import { Complaint } from './fail.ts';

/** Posts the sample export, unless this person has uploaded before. @returns its receipt, if it was posted. */
export async function postSampleOnce(stack: Stack, ingestKey: string): Promise<Receipt | null> {
  const [row] = await stack.query(
    `select exists (
       select from ingestions
       join users on users.id = ingestions.user_id
       where users.email = 'demo@localhost'
     ) as seen`,
  );
  if (row?.seen === 't') return null;
  const response = await fetch(`${stack.url}/api/v1/sync`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${ingestKey}`,
      'Content-Type': 'application/json',
      'automation-name': 'Sample export',
      'automation-aggregation': 'Hours',
      'automation-period': 'Default',
    },
    body: readFileSync(join(root, 'examples/health-auto-export.json')),
  });
  const answer = (await response.json()) as { data?: Receipt; detail?: string };
  if (answer.data === undefined) throw new Complaint(`The sample was refused: ${answer.detail}`);
  return answer.data;
}
