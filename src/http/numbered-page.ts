import { z } from 'zod';

/** Short lists of what an installation has, by number of page. Whatever grows with every upload goes by cursor. */

/** The parameters of such a list. */
export const numberedQuery = {
  page: z.coerce.number().int().min(1).max(1_000_000).default(1).describe('Which page, from 1 on.'),
  per_page: z.coerce.number().int().min(1).max(100).default(20).describe('Rows a page.'),
};

/** On the wire. */
export interface NumberedPagination {
  page: number;
  per_page: number;
  total_items: number;
  total_pages: number;
  has_next: boolean;
  has_prev: boolean;
}

export interface NumberedPage {
  page: number;
  per_page: number;
}

/** How many rows come before the page. */
export const offsetOf = ({ page, per_page }: NumberedPage): number => (page - 1) * per_page;

export const numbered = (
  { page, per_page }: NumberedPage,
  totalItems: number,
): NumberedPagination => {
  const totalPages = Math.ceil(totalItems / per_page);
  return {
    page,
    per_page,
    total_items: totalItems,
    total_pages: totalPages,
    has_next: page < totalPages,
    has_prev: page > 1,
  };
};

/** The page of a list that is at hand as a whole. */
export const pageByNumber = <T>(items: readonly T[], page: NumberedPage) => ({
  rows: items.slice(offsetOf(page), offsetOf(page) + page.per_page),
  pagination: numbered(page, items.length),
});
