import { vocabulary } from '../vocabulary.ts';

/** What became of a dose. */
export const MEDICATION_STATUSES = vocabulary({
  not_interacted: [
    'No Interactuado',
    'Keine Interaktion',
    'Nicht interagiert',
    'Aucune interaction',
    'Nessuna interazione',
    'Sem interação',
  ],
  notification_not_sent: [
    'Notificación No Enviada',
    'Mitteilung nicht gesendet',
    'Notification non envoyée',
  ],
  snoozed: ['Pospuesto', 'Später erinnern', 'Reporté', 'Posticipato', 'Adiado'],
  taken: ['Tomado', 'Tomada', 'Genommen', 'Eingenommen', 'Pris', 'Prise', 'Assunto', 'Preso'],
  skipped: [
    'Omitido',
    'Omitida',
    'Übersprungen',
    'Ausgelassen',
    'Ignoré',
    'Sauté',
    'Saltato',
    'Ignorado',
  ],
  not_logged: [
    'No Registrado',
    'Nicht protokolliert',
    'Nicht erfasst',
    'Non consigné',
    'Non registrato',
    'Não registrado',
  ],
  unspecified: ['Sin Especificar', 'Nicht angegeben', 'Non spécifié', 'Non specificato'],
});
