import { vocabulary } from '../vocabulary.ts';

/** Notifications of Apple Watch about the heart. */
export const HEART_NOTIFICATIONS = vocabulary({
  low_heart_rate_notification: [
    'Low Heart Rate',
    'HKHeartRateNotificationTypeLow',
    'HKHeartRateNotificationTypeLowHeartRate',
    'HKCategoryTypeIdentifierLowHeartRateEvent',
  ],
  high_heart_rate_notification: [
    'High Heart Rate',
    'HKHeartRateNotificationTypeHigh',
    'HKHeartRateNotificationTypeHighHeartRate',
    'HKCategoryTypeIdentifierHighHeartRateEvent',
  ],
  irregular_rhythm_notification: [
    'Irregular Rhythm',
    'Irregular Heart Rhythm',
    'irregular_heart_rhythm_notification',
    'HKHeartRateNotificationTypeIrregular',
    'HKHeartRateNotificationTypeIrregularRhythm',
    'HKCategoryTypeIdentifierIrregularHeartRhythmEvent',
  ],
});
