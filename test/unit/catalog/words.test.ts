import { describe, expect, it } from 'vitest';
import { type Vocabulary, vocabulary } from '../../../src/catalog/vocabulary.ts';
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
  const colours = vocabulary({
    light_blue: ['Hellblau', 'Bleu clair', "Bleu d'azur"],
    red: ['Rot'],
  });

  it.each([
    'light_blue',
    'Light Blue',
    'light-blue',
    '  LIGHT  BLUE ',
    'ＬＩＧＨＴ　ＢＬＵＥ',
    'Hell\u200bblau',
    'bleu\u00a0clair',
    'Bleu d’azur',
  ])('knows its words in any case, with any blanks: %s', (text) => {
    expect(colours(text)).toBe('light_blue');
  });

  it.each(['green', '', 'lightblue', 'constructor', '__proto__'])(
    'knows nothing else: %s',
    (text) => {
      expect(colours(text)).toBeNull();
    },
  );

  it('does not let one spelling stand for two words', () => {
    expect(() => vocabulary({ a: ['Same'], b: ['same'] })).toThrow('“same” cannot stand for both');
    expect(() => vocabulary({ light_blue: [], b: ['Light-Blue'] })).toThrow(
      '“light blue” cannot stand for both light_blue and b',
    );
  });

  it('lets a word have one spelling twice', () => {
    expect(vocabulary({ a: ['Same', 'same', 'A'] })('SAME')).toBe('a');
  });
});

/** Canonical words, and what else must be understood. */
const VOCABULARIES: Record<string, [Vocabulary, string, Record<string, string>]> = {
  sleepStages: [
    SLEEP_STAGES,
    'core deep rem awake in_bed asleep',
    {
      Core: 'core',
      AsleepCore: 'core',
      Kern: 'core',
      コア: 'core',
      HKCategoryValueSleepAnalysisAsleepDeep: 'deep',
      Profundo: 'deep',
      深度: 'deep',
      AsleepREM: 'rem',
      Paradoxal: 'rem',
      快速眼动: 'rem',
      HKCategoryValueSleepAnalysisAwake: 'awake',
      Éveillé: 'awake',
      'E\u0301veille\u0301': 'awake',
      '깨어 있는 시간': 'awake',
      InBed: 'in_bed',
      'In Bed': 'in_bed',
      Unspecified: 'asleep',
      AsleepUnspecified: 'asleep',
      Schlafend: 'asleep',
    },
  ],
  workoutActivities: [
    WORKOUT_ACTIVITIES,
    `american_football archery australian_football badminton barre baseball basketball bowling boxing
     cardio_dance climbing cooldown core_training cricket cross_country_skiing cross_training curling
     cycling dance dance_inspired_training disc_sports downhill_skiing elliptical equestrian_sports
     fencing fishing fitness_gaming flexibility functional_strength_training golf gymnastics
     hand_cycling handball high_intensity_interval_training hiking hockey hunting jump_rope kickboxing
     lacrosse martial_arts mind_and_body mixed_cardio other paddle_sports pickleball pilates play
     preparation_and_recovery racquetball rowing rugby running sailing skating_sports snow_sports
     snowboarding soccer social_dance softball squash stair_climbing stairs step_training
     surfing_sports swim_bike_run swimming table_tennis tai_chi tennis track_and_field
     traditional_strength_training transition underwater_diving volleyball walking water_fitness
     water_polo water_sports wheelchair_run_pace wheelchair_walk_pace wrestling yoga`,
    {
      'Outdoor Walk': 'walking',
      'Indoor Walk': 'walking',
      'Outdoor Spaziergang': 'walking',
      'Innenräume Spaziergang': 'walking',
      步行: 'walking',
      걷기: 'walking',
      'Outdoor Run': 'running',
      'Outdoor Ausführen': 'running',
      'Outdoor Cycle': 'cycling',
      'Outdoor Cycling': 'cycling',
      'Indoor Cycle': 'cycling',
      'Outdoor Radfahren': 'cycling',
      'Innenräume Radfahren': 'cycling',
      'Pool Swim': 'swimming',
      'Open Water Swim': 'swimming',
      'Freiwasser Schwimmen': 'swimming',
      'Schwimmbad Schwimmen': 'swimming',
      Elliptisch: 'elliptical',
      Kerntraining: 'core_training',
      'Funktionales Krafttraining': 'functional_strength_training',
      'High Intensity Interval Training': 'high_intensity_interval_training',
      'Camminata all’aperto': 'walking',
      Sonstige: 'other',
    },
  ],
  ecgClasses: [
    ECG_CLASSES,
    `sinus_rhythm atrial_fibrillation high_heart_rate inconclusive_low_heart_rate
     inconclusive_high_heart_rate inconclusive inconclusive_poor_recording unrecognized`,
    {
      'Ritmo Sinusal': 'sinus_rhythm',
      Sinusrhythmus: 'sinus_rhythm',
      Uneindeutig: 'inconclusive',
      'Inconclusive Poor Recording': 'inconclusive_poor_recording',
    },
  ],
  medicationStatuses: [
    MEDICATION_STATUSES,
    'not_interacted notification_not_sent snoozed taken skipped not_logged unspecified',
    {
      'Not Interacted': 'not_interacted',
      'No Interactuado': 'not_interacted',
      Tomado: 'taken',
      Omitido: 'skipped',
    },
  ],
  symptoms: [
    SYMPTOMS,
    `abdominal_cramps acne appetite_changes bladder_incontinence bloating breast_pain
     chest_tightness_or_pain chills constipation coughing diarrhea dizziness dry_skin fainting fatigue
     fever generalized_body_ache hair_loss headache heartburn hot_flashes loss_of_smell loss_of_taste
     lower_back_pain memory_lapse mood_changes nausea night_sweats pelvic_pain
     rapid_or_fluttering_heartbeat runny_nose shortness_of_breath sinus_congestion skipped_heartbeat
     sleep_changes sore_throat vaginal_dryness vomiting wheezing`,
    {
      'Chest Tightness or Pain': 'chest_tightness_or_pain',
      Kopfschmerzen: 'headache',
      Fiebre: 'fever',
      'Brûlures d’estomac': 'heartburn',
    },
  ],
  severities: [
    SEVERITIES,
    'unspecified not_present present mild moderate severe',
    { 'Not Present': 'not_present', Leicht: 'mild', Moderado: 'moderate', Sévère: 'severe' },
  ],
  cycleEvents: [
    CYCLE_EVENTS,
    `menstrual_flow cervical_mucus_quality ovulation_test_result progesterone_test_result
     pregnancy_test_result sexual_activity pregnancy lactation contraceptive
     infrequent_menstrual_cycle irregular_menstrual_cycle intermenstrual_bleeding
     persistent_menstrual_bleeding prolonged_menstrual_period`,
    { 'Flujo Menstrual': 'menstrual_flow', Stillzeit: 'lactation' },
  ],
  cycleValues: [
    CYCLE_VALUES,
    `unspecified none light medium heavy positive negative indeterminate luteinizing_hormone_surge
     estrogen_surge dry sticky creamy watery egg_white protection_used protection_not_used implant
     injection intrauterine_device intravaginal_ring oral patch`,
    { Pesado: 'heavy', Leicht: 'light', 'Egg White': 'egg_white' },
  ],
  heartNotifications: [
    HEART_NOTIFICATIONS,
    'low_heart_rate_notification high_heart_rate_notification irregular_rhythm_notification',
    {
      HKHeartRateNotificationTypeLow: 'low_heart_rate_notification',
      HKHeartRateNotificationTypeHigh: 'high_heart_rate_notification',
      'High Heart Rate': 'high_heart_rate_notification',
      'Unregelmäßiger Herzrhythmus': 'irregular_rhythm_notification',
    },
  ],
  mindKinds: [
    MIND_KINDS,
    'momentary_emotion daily_mood',
    { Emotion: 'momentary_emotion', mood: 'daily_mood', dailyMood: 'daily_mood' },
  ],
  mindValences: [
    MIND_VALENCES,
    `very_unpleasant unpleasant slightly_unpleasant neutral slightly_pleasant pleasant
     very_pleasant`,
    { '1': 'very_unpleasant', '4': 'neutral', '7': 'very_pleasant', veryPleasant: 'very_pleasant' },
  ],
};

describe.each(Object.entries(VOCABULARIES))('%s', (_, [words, canonical, samples]) => {
  it.each(canonical.split(/\s+/))('knows %s by its own name and as a title', (word) => {
    expect(words(word)).toBe(word);
    expect(words(` ${word.replaceAll('_', ' ').toUpperCase()} `)).toBe(word);
  });

  it.each(Object.entries(samples))('understands %s as %s', (text, meaning) => {
    expect(words(text)).toBe(meaning);
  });

  it.each(['', ' ', '0', 'Quidditch', 'Dreamland'])('does not guess at “%s”', (text) => {
    expect(words(text)).toBeNull();
  });
});

describe('words with two meanings', () => {
  it('leaves a label that is deep sleep to one phone and any sleep to another', () => {
    expect(SLEEP_STAGES('熟睡')).toBeNull();
  });
});
