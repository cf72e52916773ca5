import type { Person, TestStack } from './stack.ts';

/** Questions, as a reader asks them. */

type Fields = Record<string, unknown>;

export interface Page {
  status: number;
  /** Rows of a list; one thing is a list of its own. */
  rows: Fields[];
  next: string | null;
  errors: { pointer: string; code: string; message: string }[];
}

/** Asks for JSON. */
export async function ask(test: TestStack, person: Person, path: string): Promise<Page> {
  const { status, body } = await test.call(path, person.keys.read);
  const data = (body.data ?? []) as unknown;
  return {
    status,
    rows: (Array.isArray(data) ? data : [data]) as Fields[],
    next: body.pagination?.next_cursor ?? null,
    errors: body.errors ?? [],
  };
}

/** Asks for the rows of a list page by page, until there are no more. */
export async function askAll(test: TestStack, person: Person, path: string): Promise<Page[]> {
  const pages: Page[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const page = await ask(test, person, next === '' ? path : `${path}&cursor=${next}`);
    pages.push(page);
    next = page.next;
  }
  return pages;
}

/** Asks for another form than JSON. */
export async function askFor(test: TestStack, person: Person, path: string, accept: string) {
  const response = await fetch(`${test.stack.url}${path}`, {
    headers: { Authorization: `Bearer ${person.keys.read}`, Accept: accept },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
