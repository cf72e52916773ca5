/**
 * How the database was when this isolate last used it: so that whoever asks for its health every minute does not keep
 * a database awake that would sleep.
 */
export type DatabaseSeen = 'connected' | 'disconnected' | 'not asked yet';

let seen: DatabaseSeen = 'not asked yet';

export const noteDatabase = (answered: boolean): void => {
  seen = answered ? 'connected' : 'disconnected';
};

export const databaseAsSeen = (): DatabaseSeen => seen;
