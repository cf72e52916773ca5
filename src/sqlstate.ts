/** What the five characters say with which Postgres refuses a statement (appendix A of its manual). */

export type Meaning =
  /** The rows, or what the statement names, are at fault: the same again is refused again. */
  | 'rows'
  /** The installation is: no access, no such database, a table that a migration has yet to make. An operator mends it. */
  | 'installation'
  /** Nothing is: connection lost, deadlock, out of resources, stopped by an operator. */
  | 'passing'
  /** It may be either: a class that is not in the table, or one that stands for anything. */
  | 'unknown'
  /** Postgres has not said it. */
  | 'none';

/** By class, the first two characters. What is not here stands for anything: Neon's page server is heard as XX000 and 58030. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ['21', 'rows'], // cardinality violation
  ['22', 'rows'], // data exception
  ['23', 'rows'], // integrity constraint violation
  ['44', 'rows'], // with check option violation
  ['54', 'rows'], // program limit exceeded: an entry too large for its index
  ['SS', 'rows'], // our own, of functions in migrations/
  ['0A', 'installation'], // feature not supported
  ['0L', 'installation'], // invalid grantor
  ['0P', 'installation'], // invalid role specification
  ['28', 'installation'], // invalid authorization specification
  ['2B', 'installation'], // dependent privilege descriptors still exist
  ['3D', 'installation'], // invalid catalog name
  ['3F', 'installation'], // invalid schema name
  ['42', 'installation'], // syntax error or access rule violation
  ['F0', 'installation'], // configuration file error
  ['08', 'passing'], // connection exception; what the pooler says, too
  ['0B', 'passing'], // invalid transaction initiation
  ['24', 'passing'], // invalid cursor state
  ['25', 'passing'], // invalid transaction state: read-only, as a replica or a database that is being moved is
  ['26', 'passing'], // invalid SQL statement name: a pooler has changed the connection
  ['2D', 'passing'], // invalid transaction termination
  ['34', 'passing'], // invalid cursor name
  ['3B', 'passing'], // savepoint exception
  ['40', 'passing'], // transaction rollback
  ['53', 'passing'], // insufficient resources
  ['55', 'passing'], // object not in prerequisite state: a lock that was not to be had
  ['57', 'passing'], // operator intervention
  ['72', 'passing'], // snapshot failure
]);

const SQLSTATE = /^[0-9A-Z]{5}$/;

export function meaningOf(code: unknown): Meaning {
  if (typeof code !== 'string' || !SQLSTATE.test(code)) return 'none';
  return MEANINGS.get(code.slice(0, 2)) ?? 'unknown';
}
