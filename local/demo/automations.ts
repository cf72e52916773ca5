/** The automations that Ada has set up in the app. Data only. */

/** Which part of a life an upload carries. */
export type Content = 'minutes' | 'hours' | 'days' | 'workouts' | 'symptoms';

export interface DemoAutomation {
  /** As the app sends them in `automation-name`, `-aggregation` and `-period`. */
  name: string;
  aggregation: string;
  period: string;
  content: Content;
  /** Unit of energy that this automation is set to. */
  energy: 'kJ' | 'kcal';
}

const automation = (
  name: string,
  content: Content,
  period: string,
  aggregation: string,
  energy: 'kJ' | 'kcal' = 'kJ',
): DemoAutomation => ({ name, content, period, aggregation, energy });

export const AUTOMATIONS = {
  historyMinutes: automation('History, by the minute', 'minutes', 'Last 90 Days', 'Minutes'),
  historyHours: automation('History, by the hour', 'hours', 'Last 90 Days', 'Hours'),
  historyDays: automation('History, by the day', 'days', 'Last 90 Days', 'Days'),
  historyWorkouts: automation('History, workouts', 'workouts', 'Last 90 Days', 'Minutes'),
  minutes: automation('By the minute', 'minutes', 'Since Last Sync', 'Minutes'),
  hours: automation('By the hour', 'hours', 'Default', 'Hours'),
  days: automation('By the day', 'days', 'Previous 7 Days', 'Days', 'kcal'),
  workouts: automation('Workouts', 'workouts', 'Previous 7 Days', 'Minutes'),
  symptoms: automation('Symptoms', 'symptoms', 'Previous 7 Days', 'Default'),
  again: automation('The last month again', 'minutes', 'Last 30 Days', 'Minutes'),
} as const;
