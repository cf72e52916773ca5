import { describe, expect, it } from 'vitest';
import { vocabulary } from '../../../src/catalog/vocabulary.ts';
import { CYCLE_EVENTS } from '../../../src/catalog/words/cycle-events.ts';
import { CYCLE_VALUES } from '../../../src/catalog/words/cycle-values.ts';
import { ECG_CLASSES } from '../../../src/catalog/words/ecg-classes.ts';
import { HEART_NOTIFICATIONS } from '../../../src/catalog/words/heart-notifications.ts';
import { MEDICATION_STATUSES } from '../../../src/catalog/words/medication-statuses.ts';
import { MIND_KINDS } from '../../../src/catalog/words/mind-kinds.ts';
import { MIND_VALENCES } from '../../../src/catalog/words/mind-valences.ts';
import { SEVERITIES } from '../../../src/catalog/words/severities.ts';
import { SLEEP_STAGES } from '../../../src/catalog/words/sleep-stages.ts';
import { SYMPTOMS } from '../../../src/catalog/words/symptoms.ts';
import { WORKOUT_ACTIVITIES } from '../../../src/catalog/words/workout-activities.ts';

describe('a vocabulary', () => {
  const colours = vocabulary({ light_blue: ['Hellblau', 'Bleu clair'], red: ['Rot'] });

  it.each([
    'light_blue',
    'Light Blue',
    'light-blue',
    '  LIGHT  BLUE ',
    'Hell\u200bblau',
    'bleu\u00a0clair',
  ])('knows its words in any case, with any blanks: %s', (text) => {
    expect(colours(text)).toBe('light_blue');
  });

  it('knows nothing else', () => {
    expect(colours('green')).toBeNull();
    expect(colours('')).toBeNull();
  });

  it('does not let one spelling stand for two words', () => {
    expect(() => vocabulary({ a: ['Same'], b: ['same'] })).toThrow('“same” cannot stand for both');
  });
});

describe('words of the app', () => {
  it.each([
    [SLEEP_STAGES, 'Core', 'core'],
    [SLEEP_STAGES, 'In Bed', 'in_bed'],
    [SLEEP_STAGES, 'InBed', 'in_bed'],
    [SLEEP_STAGES, 'Unspecified', 'asleep'],
    [SLEEP_STAGES, 'Éveillé', 'awake'],
    [SLEEP_STAGES, '深度', 'deep'],
    [WORKOUT_ACTIVITIES, 'Outdoor Walk', 'walking'],
    [WORKOUT_ACTIVITIES, 'Outdoor Ausführen', 'running'],
    [WORKOUT_ACTIVITIES, 'High Intensity Interval Training', 'high_intensity_interval_training'],
    [WORKOUT_ACTIVITIES, '步行', 'walking'],
    [ECG_CLASSES, 'Inconclusive Poor Recording', 'inconclusive_poor_recording'],
    [ECG_CLASSES, 'Ritmo Sinusal', 'sinus_rhythm'],
    [MEDICATION_STATUSES, 'Not Interacted', 'not_interacted'],
    [MEDICATION_STATUSES, 'Omitido', 'skipped'],
    [SEVERITIES, 'Not Present', 'not_present'],
    [SYMPTOMS, 'Chest Tightness or Pain', 'chest_tightness_or_pain'],
    [SYMPTOMS, 'Kopfschmerzen', 'headache'],
    [CYCLE_EVENTS, 'Flujo Menstrual', 'menstrual_flow'],
    [CYCLE_VALUES, 'Pesado', 'heavy'],
    [HEART_NOTIFICATIONS, 'HKHeartRateNotificationTypeLow', 'low_heart_rate_notification'],
    [MIND_KINDS, 'momentary_emotion', 'momentary_emotion'],
    [MIND_VALENCES, '7', 'very_pleasant'],
  ])('%s: %s means %s', (words, text, meaning) => {
    expect(words(text)).toBe(meaning);
  });
});
