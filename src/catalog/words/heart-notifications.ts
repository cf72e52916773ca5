import { vocabulary } from '../vocabulary.ts';

export const HEART_NOTIFICATIONS = vocabulary({
  low_heart_rate_notification: ['HKHeartRateNotificationTypeLow'],
  high_heart_rate_notification: [],
  irregular_rhythm_notification: [],
});
