import { z } from 'zod';
import { ECG_CLASSES } from '../../catalog/words/ecg-classes.ts';
import type { IssueCode } from '../../model.ts';
import { fingerprintOf, fingerprintOfNumbers } from '../fingerprint.ts';
import { Item, type ItemPlace } from '../item.ts';
import { finite, numeric, single, source, span, text, when } from '../wire.ts';

export const voltageSchema = z.object({ date: when, voltage: numeric, units: text });

export const ecgSchema = z.object({
  ...span,
  classification: text,
  averageHeartRate: numeric,
  numberOfVoltageMeasurements: numeric,
  samplingFrequency: numeric,
  voltageMeasurements: z.array(z.unknown()).nullish(),
  severity: text,
  source,
});

/** Hands an element of `ecg` to the collector. @throws SetAside */
export function decodeEcg(raw: unknown, place: ItemPlace): void {
  const item = new Item(raw, ecgSchema, place);
  const { fields } = item;
  const { startedAt, endedAt } = item.span(fields);
  const classification = item.text(fields.classification);
  const { voltages, frequency } = readVoltages(fields.voltageMeasurements ?? [], place);
  const said = {
    startedAt,
    endedAt,
    classification: classification || null,
    class: ECG_CLASSES(classification),
    // The app writes zero for a recording too poor to tell.
    averageHeartRate: item.number(fields.averageHeartRate) || null,
    samplingFrequency: item.number(fields.samplingFrequency) ?? frequency,
    announced: item.number(fields.numberOfVoltageMeasurements),
    attributes: item.attributes('severity'),
  };
  const fingerprint = fingerprintOf([said, fingerprintOfNumbers(voltages)]);
  const series = item.series('ecg', 'mcV', fields.source);
  place.collector.received(place.section);
  place.collector.electrocardiograms.add(series, { ...said, voltages, fingerprint });
  item.countUnknownFields(place.section);
}

interface Voltages {
  voltages: number[];
  /** Hz, from the dates of the measurements; `null` if they do not tell. */
  frequency: number | null;
}

function readVoltages(
  raw: readonly unknown[],
  { section, pointer, collector }: ItemPlace,
): Voltages {
  const read: { at: number; voltage: number }[] = [];
  raw.forEach((each, i) => {
    const point = voltageSchema.safeParse(each);
    const voltage = point.success ? microvolts(point.data) : 'unrecognised_shape';
    if (typeof voltage === 'string') {
      collector.leaveOut(section, `${pointer}/voltageMeasurements/${i}`, voltage);
    } else {
      const date = point.data?.date;
      read.push({ at: typeof date === 'number' ? date : Number.NaN, voltage });
    }
  });
  const first = read[0]?.at ?? Number.NaN;
  const last = read.at(-1)?.at ?? Number.NaN;
  const frequency = (read.length - 1) / (last - first);
  return {
    voltages: read.map(({ voltage }) => voltage),
    frequency: frequency > 0 && Number.isFinite(frequency) ? frequency : null,
  };
}

/** `mcV` on the wire, `V` in the app's documentation. */
function microvolts({ voltage, units }: z.infer<typeof voltageSchema>): number | IssueCode {
  const number = finite(voltage);
  if (typeof number === 'string') return number;
  const factor = units === 'V' ? 1e6 : units === 'mV' ? 1e3 : 1;
  return single(number * factor) ?? 'value_not_finite';
}
