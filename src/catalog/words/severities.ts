import { vocabulary } from '../vocabulary.ts';

/** How bad a symptom is. */
export const SEVERITIES = vocabulary({
  unspecified: ['Nicht angegeben', 'Sin especificar', 'Non spécifié'],
  not_present: ['Nicht vorhanden', 'No presente', 'Ausente', 'Absent'],
  present: ['Vorhanden', 'Presente', 'Présent'],
  mild: ['Leicht', 'Leve', 'Léger', 'Légère', 'Lieve'],
  moderate: ['Mittel', 'Mäßig', 'Moderado', 'Moderada', 'Modéré', 'Modérée', 'Moderato'],
  severe: ['Schwer', 'Stark', 'Grave', 'Severo', 'Sévère', 'Forte'],
});
