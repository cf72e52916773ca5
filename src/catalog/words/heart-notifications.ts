import { vocabulary } from '../vocabulary.ts';

/** Notifications of Apple Watch about the heart: the app's slugs, HealthKit's identifiers, and the usual words in other languages. */
export const HEART_NOTIFICATIONS = vocabulary({
  low_heart_rate_notification: [
    'Low Heart Rate',
    'HKHeartRateNotificationTypeLow',
    'HKHeartRateNotificationTypeLowHeartRate',
    'HKCategoryTypeIdentifierLowHeartRateEvent',
    'Low',
    'Niedrige Herzfrequenz',
    'Frecuencia cardíaca baja',
    'Fréquence cardiaque basse',
  ],
  high_heart_rate_notification: [
    'High Heart Rate',
    'HKHeartRateNotificationTypeHigh',
    'HKHeartRateNotificationTypeHighHeartRate',
    'HKCategoryTypeIdentifierHighHeartRateEvent',
    'High',
    'Hohe Herzfrequenz',
    'Frecuencia cardíaca alta',
    'Fréquence cardiaque élevée',
  ],
  irregular_rhythm_notification: [
    'Irregular Rhythm',
    'Irregular Heart Rhythm',
    'irregular_heart_rhythm_notification',
    'HKHeartRateNotificationTypeIrregular',
    'HKHeartRateNotificationTypeIrregularRhythm',
    'HKCategoryTypeIdentifierIrregularHeartRhythmEvent',
    'Irregular',
    'Unregelmäßiger Herzrhythmus',
    'Ritmo irregular',
    'Rythme irrégulier',
    'Rythme cardiaque irrégulier',
  ],
});
