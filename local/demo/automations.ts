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

const minutes = { content: 'minutes', aggregation: 'Minutes', energy: 'kJ' } as const;
const hours = { content: 'hours', aggregation: 'Hours', energy: 'kJ' } as const;
const days = { content: 'days', aggregation: 'Days', energy: 'kJ' } as const;
const workouts = { content: 'workouts', aggregation: 'Minutes', energy: 'kJ' } as const;
const symptoms = { content: 'symptoms', aggregation: 'Default', energy: 'kJ' } as const;

export const AUTOMATIONS = {
  historyMinutes: { ...minutes, name: 'History, by the minute', period: 'Last 90 Days' },
  historyHours: { ...hours, name: 'History, by the hour', period: 'Last 90 Days' },
  historyDays: { ...days, name: 'History, by the day', period: 'Last 90 Days' },
  historyWorkouts: { ...workouts, name: 'History, workouts', period: 'Last 90 Days' },
  minutes: { ...minutes, name: 'By the minute', period: 'Since Last Sync' },
  hours: { ...hours, name: 'By the hour', period: 'Default' },
  days: { ...days, name: 'By the day', period: 'Previous 7 Days', energy: 'kcal' },
  workouts: { ...workouts, name: 'Workouts', period: 'Previous 7 Days' },
  symptoms: { ...symptoms, name: 'Symptoms', period: 'Previous 7 Days' },
  again: { ...minutes, name: 'The last month again', period: 'Last 30 Days' },
} as const satisfies Record<string, DemoAutomation>;
