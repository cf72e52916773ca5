import { z } from 'zod';
import { ECG_CLASSES } from '../../catalog/words/ecg-classes.ts';
import { fingerprintOf, fingerprintOfNumbers } from '../fingerprint.ts';
import { Item, type ItemPlace, SetAside } from '../item.ts';
import { finite, numeric, source, text, when } from '../wire.ts';

export const voltageSchema = z.object({ date: when, voltage: numeric, units: text });

export const ecgSchema = z.object({
  start: when,
  startDate: when,
  date: when,
  end: when,
  endDate: when,
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
  const startedAt = item.moment(fields.start, fields.startDate, fields.date);
  const endedAt = item.optionalMoment(fields.end, fields.endDate);
  if (endedAt !== null && endedAt < startedAt) throw new SetAside('ends_before_start');
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
  place.collector.received(place.section);
  place.collector.electrocardiograms.add(item.series('ecg', 'mcV', fields.source), {
    ...said,
    voltages,
    fingerprint,
  });
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
    const voltage = point.success ? finite(point.data.voltage) : 'unrecognised_shape';
    if (typeof voltage === 'string' || !point.success) {
      const code = typeof voltage === 'string' ? voltage : 'unrecognised_shape';
      collector.leaveOut(section, `${pointer}/voltageMeasurements/${i}`, code);
      return;
    }
    const { date, units } = point.data;
    read.push({
      at: typeof date === 'number' ? date : Number.NaN,
      voltage: units === 'V' ? voltage * 1e6 : units === 'mV' ? voltage * 1e3 : voltage,
    });
  });
  const first = read[0]?.at ?? Number.NaN;
  const last = read.at(-1)?.at ?? Number.NaN;
  const frequency = (read.length - 1) / (last - first);
  return {
    voltages: read.map(({ voltage }) => voltage),
    frequency: frequency > 0 && Number.isFinite(frequency) ? frequency : null,
  };
}
