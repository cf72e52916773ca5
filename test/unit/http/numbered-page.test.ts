import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { numberedQuery, pageByNumber } from '../../../src/http/numbered-page.ts';

const query = z.object(numberedQuery);
const items = Array.from({ length: 45 }, (_, i) => i);

describe('a list by number of page', () => {
  it('begins with twenty rows of page 1', () => {
    const { rows, pagination } = pageByNumber(items, query.parse({}));
    expect(rows).toEqual(items.slice(0, 20));
    expect(pagination).toEqual({
      page: 1,
      per_page: 20,
      total_items: 45,
      total_pages: 3,
      has_next: true,
      has_prev: false,
    });
  });

  it('ends with what is left', () => {
    const { rows, pagination } = pageByNumber(items, query.parse({ page: '3' }));
    expect(rows).toEqual([40, 41, 42, 43, 44]);
    expect(pagination).toMatchObject({ has_next: false, has_prev: true });
  });

  it('has nothing past its end, and says where the end is', () => {
    const { rows, pagination } = pageByNumber(items, query.parse({ page: '9', per_page: '10' }));
    expect(rows).toEqual([]);
    expect(pagination).toMatchObject({ total_pages: 5, has_next: false, has_prev: true });
  });

  it('of nothing has no page', () => {
    const { pagination } = pageByNumber([], query.parse({}));
    expect(pagination).toMatchObject({ total_items: 0, total_pages: 0, has_next: false });
  });

  it.each([{ page: '0' }, { page: '1.5' }, { page: 'x' }, { per_page: '0' }, { per_page: '101' }])(
    'does not take %o',
    (given) => {
      expect(query.safeParse(given).success).toBe(false);
    },
  );
});
