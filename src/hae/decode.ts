import type { Decoded, Slice } from '../model.ts';
import { Collector } from './collect.ts';
import type { DecodeContext } from './context.ts';
import { decodeMetric } from './metric.ts';
import { type Block, readSlice, UNREADABLE } from './payload.ts';

/** The largest items known are routes of 3 MB. What is many times larger would not fit a Worker once parsed. */
export const MAX_DECODABLE_BYTES = 8 * 1024 * 1024;

/** Decodes the items of a slice, one by one: each is in a series, or set aside with its reason. Pure. */
export function decode(bytes: Uint8Array, slice: Slice, context: DecodeContext): Decoded {
  const collector = new Collector();
  for (const block of readSlice(bytes, slice)) {
    if (block.metric === null) setAsideSection(block, collector);
    else decodeMetric(block, block.metric, context, collector);
  }
  return collector.finish();
}

function setAsideSection(block: Block, collector: Collector): void {
  block.items.forEach((item, i) => {
    const code = block.section === 'metrics' ? 'unrecognised_shape' : 'section_not_supported';
    collector.setAside(
      block.section,
      block.pointers(i),
      item === UNREADABLE ? 'invalid_json' : code,
    );
  });
}

/** What becomes of a slice that is too large to be read: its items are set aside unseen. */
export function refuseLarge({ items, place }: Slice): Decoded {
  const collector = new Collector();
  const [section = 'data'] = place.section.split('/').reverse();
  for (let i = 0; i < items; i++) {
    collector.setAside(section, `${place.section}/${place.element}`, 'item_too_large');
  }
  return collector.finish();
}
