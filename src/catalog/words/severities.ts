import { vocabulary } from '../vocabulary.ts';

/** How bad a symptom is: HealthKit, and its usual words in other languages. */
export const SEVERITIES = vocabulary({
  unspecified: [
    'Nicht angegeben',
    'Sin especificar',
    'Non spécifié',
    'No especificado',
    'Non specificato',
    'Não especificado',
  ],
  not_present: ['Nicht vorhanden', 'No presente', 'Ausente', 'Absent', 'Absente', 'Assente'],
  present: ['Vorhanden', 'Presente', 'Présent', 'Présente'],
  mild: ['Leicht', 'Leve', 'Léger', 'Légère', 'Lieve'],
  moderate: [
    'Mittel',
    'Mäßig',
    'Moderado',
    'Moderada',
    'Modéré',
    'Modérée',
    'Moderato',
    'Moderata',
  ],
  severe: ['Schwer', 'Stark', 'Grave', 'Severo', 'Sévère', 'Forte', 'Severa', 'Schwerwiegend'],
});
