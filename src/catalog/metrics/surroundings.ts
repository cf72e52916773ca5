import { rowsOf } from './rows.ts';

/** What reaches the body through air and light. */

const respiratory = rowsOf('respiratory');
const hearing = rowsOf('hearing');
const environment = rowsOf('environment');

export const RESPIRATORY = [
  respiratory.average(
    'forced_expiratory_volume_1',
    'Forced Expiratory Volume 1',
    'L',
    'forced_expiratory_volume',
  ),
  respiratory.average('forced_vital_capacity', 'Forced Vital Capacity', 'L'),
  respiratory.average('peak_expiratory_flow_rate', 'Peak Expiratory Flow Rate', 'L/min'),
  respiratory.sum('inhaler_usage', 'Inhaler Usage', 'count'),
  respiratory.average('breathing_disturbances', 'Breathing Disturbances', 'count'),
];

export const HEARING = [
  hearing.average(
    'environmental_audio_exposure',
    'Environmental Audio Exposure',
    'dBASPL',
    'environmental_audio',
  ),
  hearing.average(
    'headphone_audio_exposure',
    'Headphone Audio Exposure',
    'dBASPL',
    'headphone_audio',
  ),
];

export const ENVIRONMENT = [environment.average('uv_exposure', 'UV Exposure', 'count')];
