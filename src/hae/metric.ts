import type { IssueCode } from '../model.ts';
import type { Collector } from './collect.ts';
import type { DecodeContext } from './context.ts';
import { type Heading, readHeading } from './heading.ts';
import { SetAside } from './item.ts';
import { type Block, faultOf, type Head } from './payload.ts';
import { PointDecoder } from './point-decoder.ts';
import { POINT_FIELDS } from './points.ts';
import { decodeSexualActivity, isSexualActivity } from './sections/sexual-activity.ts';
import { decodeSleep, isSleep } from './sections/sleep.ts';

/** Decodes the points of one metric block, whatever they turn out to be. Pure. */
export function decodeMetric(
  block: Block,
  head: Head,
  context: DecodeContext,
  collector: Collector,
): void {
  const heading = readHeading(head.name, head.units, context.grouping);
  if (typeof heading === 'string') {
    setAsideAll(block, heading, collector);
    return;
  }
  if (head.hasNoData) collector.remark(heading.metric, block.pointers(0), 'data_missing');
  for (const field of head.unknownFields) collector.unknownField('metrics', field);

  const points = new MetricPoints(heading, block, context, collector);
  block.items.forEach((item, i) => {
    const code = faultOf(item) ?? points.take(item, i);
    if (code !== null) collector.setAside(heading.metric, block.pointers(i), code);
  });
}

function setAsideAll(block: Block, fault: IssueCode, collector: Collector): void {
  block.items.forEach((item, i) => {
    collector.setAside(block.section, block.pointers(i), faultOf(item) ?? fault);
  });
}

class MetricPoints {
  readonly #heading: Heading;
  readonly #block: Block;
  readonly #context: DecodeContext;
  readonly #collector: Collector;
  readonly #decoder: PointDecoder;
  readonly #raiseOnly: boolean;
  /** Of the point that is being taken. */
  #index = 0;
  /** Made once, not for each point. */
  readonly #remark = (code: IssueCode): void => {
    this.#collector.remark(this.#heading.metric, this.#block.pointers(this.#index), code);
  };

  constructor(heading: Heading, block: Block, context: DecodeContext, collector: Collector) {
    this.#heading = heading;
    this.#block = block;
    this.#context = context;
    this.#collector = collector;
    this.#decoder = new PointDecoder(heading, context, collector);
    this.#raiseOnly = context.partialBuckets && heading.isSum;
  }

  /** Hands the point to the collector. @returns why not, or `null`. */
  take(item: unknown, i: number): IssueCode | null {
    const { metric } = this.#heading;
    if (metric === 'sleep_analysis' && isSleep(item)) return this.#takeRecord(decodeSleep, item, i);
    if (metric === 'sexual_activity' && isSexualActivity(item)) {
      return this.#takeRecord(decodeSexualActivity, item, i);
    }

    this.#index = i;
    const point = this.#decoder.decode(item, this.#remark);
    if (typeof point === 'string') return point;
    this.#collector.received(metric);
    if (point.sample !== null) {
      this.#collector.samples.add(point.series, point.sample, this.#raiseOnly);
    } else this.#collector.pressures.add(point.series, point.pressure);
    this.#countUnknownFields(item);
    return null;
  }

  #takeRecord(
    decode: typeof decodeSleep | typeof decodeSexualActivity,
    item: unknown,
    i: number,
  ): IssueCode | null {
    const place = {
      section: this.#heading.metric,
      pointer: this.#block.pointers(i),
      context: this.#context,
      collector: this.#collector,
    };
    try {
      decode(item, place, this.#heading.conversion);
      return null;
    } catch (error) {
      if (error instanceof SetAside) return error.code;
      throw error;
    }
  }

  #countUnknownFields(item: unknown): void {
    for (const field in Object(item)) {
      if (!POINT_FIELDS.has(field)) this.#collector.unknownField('metrics', field);
    }
  }
}
