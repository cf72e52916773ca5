import { Meter } from './meter.ts';

/** Shared by all that happens in an isolate: it is plain data. */
export const isolateMeter = new Meter();
