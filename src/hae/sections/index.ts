import type { ItemPlace } from '../item.ts';
import { decodeCycle } from './cycle.ts';
import { decodeEcg } from './ecg.ts';
import { decodeHeartNotification } from './heart-notification.ts';
import { decodeMedication } from './medication.ts';
import { decodeStateOfMind } from './state-of-mind.ts';
import { decodeSymptom } from './symptom.ts';
import { decodeWorkout } from './workout.ts';

/** What decodes the elements of each section besides `metrics`. A decoder throws SetAside. */
export const SECTION_DECODERS: Readonly<Record<string, (raw: unknown, place: ItemPlace) => void>> =
  {
    workouts: decodeWorkout,
    stateOfMind: decodeStateOfMind,
    medications: decodeMedication,
    symptoms: decodeSymptom,
    cycleTracking: decodeCycle,
    ecg: decodeEcg,
    heartRateNotifications: decodeHeartNotification,
  };
