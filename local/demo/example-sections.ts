import type { Draft } from './apple.ts';
import { MINUTE } from './calendar.ts';
import { WATCH } from './day.ts';

/** One or two elements of each section besides metrics and workouts, for the example. Pure. */

const HERTZ = 512;
const VOLTAGES = [-12.5, -8.25, 4, 31.75, 212.5, 801.25, 640, 33.5, -96.75, -41, -15.5, -11.25];

/** @param day its midnight, Unix milliseconds */
export const exampleSections = (day: number): Record<string, Draft[]> => ({
  ecg: [ecg(at(day, 20, 0))],
  heartRateNotifications: [
    {
      heartNotification: 'high_heart_rate_notification',
      start: at(day, 15, 0),
      end: at(day, 15, 10),
      threshold: 120,
      heartRateData: [],
      source: { name: WATCH, identifier: 'com.apple.health.EXAMPLE' },
    },
  ],
  stateOfMind: [
    {
      id: '7C1F0A52-3D5E-4E0B-9B1C-2A8D6F4E1B01',
      start: at(day, 18, 30),
      end: at(day, 18, 30),
      kind: 'momentary_emotion',
      valence: 0.35,
      valenceClassification: 'slightly_pleasant',
      labels: ['calm'],
      associations: ['family'],
    },
  ],
  medications: [dose(at(day, 8, 0), 'Taken', 1), dose(at(day, 20, 0), 'Skipped', 1)],
  symptoms: [
    {
      start: at(day, 10, 0),
      end: at(day, 11, 0),
      name: 'Headache',
      severity: 'Mild',
      userEntered: true,
      source: 'Health',
    },
  ],
  cycleTracking: [
    { start: at(day, 9, 0), end: null, name: 'Menstrual Flow', value: 'Light', isCycleStart: true },
  ],
});

const at = (day: number, hour: number, minute: number): Date =>
  new Date(day + (hour * 60 + minute) * MINUTE);

/** The real ones have fifteen thousand measurements. */
const ecg = (start: Date): Draft => ({
  start,
  end: new Date(start.getTime() + MINUTE / 2),
  classification: 'Sinus Rhythm',
  averageHeartRate: 64,
  numberOfVoltageMeasurements: VOLTAGES.length,
  samplingFrequency: HERTZ,
  source: 'ECG',
  voltageMeasurements: VOLTAGES.map((voltage, i) => ({
    date: start.getTime() / 1000 + i / HERTZ,
    voltage,
    units: 'mcV',
  })),
});

const dose = (scheduledDate: Date, status: string, dosage: number): Draft => ({
  displayText: 'Vitamin tablet ',
  start: scheduledDate,
  scheduledDate,
  status,
  dosage,
  units: 'count',
  isArchived: false,
  codings: [],
});
