import type { Decoded, IssueCode, Slice } from '../model.ts';
import { Collector } from './collect.ts';
import type { DecodeContext } from './context.ts';
import type { IssuePage } from './issues.ts';
import { SetAside } from './item.ts';
import { decodeMetric } from './metric.ts';
import { type Block, faultOf, type LeaveOut, readSlice } from './payload.ts';
import { SECTION_DECODERS } from './sections/index.ts';

/** The largest items known are routes of 3 MB. What is many times larger would not fit a Worker once parsed. */
export const MAX_DECODABLE_BYTES = 8 * 1024 * 1024;

export interface DecodeOptions {
  /** Which items are set aside unseen, and why. */
  leaveOut?: LeaveOut | null;
  /** Which issues are kept; `null`: the first ones of each kind. */
  issuePage?: IssuePage | null;
}

/** Decodes the items of a slice, one by one: each becomes a row, or is set aside with its reason. Pure. */
export function decode(
  bytes: Uint8Array,
  slice: Slice,
  context: DecodeContext,
  { leaveOut = null, issuePage = null }: DecodeOptions = {},
): Decoded {
  const collector = new Collector(issuePage);
  for (const block of readSlice(bytes, slice, leaveOut)) {
    if (block.metric !== null) decodeMetric(block, block.metric, context, collector);
    else if (block.items.length === 0) noteEmpty(block, collector);
    else decodeSection(block, context, collector);
  }
  return collector.finish();
}

/** An empty section is nothing; a field that holds no items is one this server does not know. */
function noteEmpty({ section }: Block, collector: Collector): void {
  if (!Object.hasOwn(SECTION_DECODERS, section) && section !== 'metrics') {
    collector.unknownField('payload', section);
  }
}

function decodeSection(block: Block, context: DecodeContext, collector: Collector): void {
  const { section } = block;
  const decoder = Object.hasOwn(SECTION_DECODERS, section) ? SECTION_DECODERS[section] : undefined;
  block.items.forEach((item, i) => {
    const pointer = block.pointers(i);
    const code =
      faultOf(item) ??
      (decoder === undefined
        ? reasonFor(section, item)
        : attempt(() => decoder(item, { section, pointer, context, collector })));
    if (code === null) return;
    // A file that could not be read is known by its name.
    const name: unknown = section === 'files' ? Object(item).name : null;
    collector.setAside(section, typeof name === 'string' ? `/${name}` : pointer, code);
  });
}

const REASONS: ReadonlyMap<string, IssueCode> = new Map([
  ['metrics', 'unrecognised_shape'],
  ['files', 'file_not_readable'],
]);

/** Files are named by `files/open.ts`, with what was wrong with them. */
function reasonFor(section: string, item: unknown): IssueCode {
  const { isTooLarge, problem } = Object(section === 'files' ? item : null);
  // Bodies from before there were several limits.
  if (isTooLarge === true) return 'file_too_large';
  return FILE_PROBLEMS.get(problem) ?? REASONS.get(section) ?? 'section_not_supported';
}

const FILE_PROBLEMS: ReadonlyMap<unknown, IssueCode> = new Map(
  (
    [
      'file_too_large',
      'file_name_too_long',
      'table_too_many_cells',
      'table_too_many_columns',
      'table_header_too_long',
      'table_cell_too_long',
    ] as const
  ).map((code) => [code, code]),
);

function attempt(decode: () => void): IssueCode | null {
  try {
    decode();
    return null;
  } catch (error) {
    if (error instanceof SetAside) return error.code;
    throw error;
  }
}

/** What becomes of a slice that is too large to be read: its items are set aside unseen. */
export function refuseLarge({ items, place }: Slice, issuePage: IssuePage | null = null): Decoded {
  const collector = new Collector(issuePage);
  const [section = 'data'] = place.section.split('/').reverse();
  for (let i = 0; i < items; i++) {
    collector.setAside(section, `${place.section}/${place.element}`, 'item_too_large');
  }
  return collector.finish();
}
