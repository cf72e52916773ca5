import type { TextAnswer } from './http-server.ts';

/**
 * Every shape in which Neon answers a question that it does not carry out: as its proxy writes them
 * (github.com/neondatabase/neon, `proxy/src`), and as what stands before the proxy does. One home for the endpoint of
 * this machine and for the fault tests.
 */

export interface NeonShape extends TextAnswer {
  name: string;
  /** Where Neon makes it. */
  from: string;
}

/** What a shape is, as far as it has to be said. */
interface Told {
  name: string;
  from: string;
  message: string;
}

/** An error as Postgres words it. */
interface PostgresFields {
  code: string;
  message: string;
  severity?: string;
}

/** What `sql_over_http.rs` writes where Postgres itself has said nothing: the code is empty, not absent. */
const WITHOUT_DATABASE_ERROR = {
  code: '',
  detail: null,
  hint: null,
  position: null,
  internalPosition: null,
  internalQuery: null,
  severity: '',
  where: null,
  table: null,
  column: null,
  schema: null,
  dataType: null,
  constraint: null,
  file: null,
  line: null,
  routine: null,
};

/** The body of an error: `fields` are what Postgres has said, if it has. */
export const errorBody = (message: string, fields: Record<string, unknown> = {}) => ({
  message,
  ...WITHOUT_DATABASE_ERROR,
  ...fields,
});

const json = (name: string, status: number, body: unknown, from: string): NeonShape => ({
  name,
  status,
  type: 'application/json',
  text: JSON.stringify(body),
  from,
});

/** The proxy says what is wrong, Postgres has not been heard. */
const said = (status: number, { name, from, message }: Told): NeonShape =>
  json(name, status, errorBody(message), from);

/** Postgres says what is wrong. The driver reads the code of a 400 alone. */
const refused = (status: number, name: string, error: PostgresFields): NeonShape =>
  json(
    name,
    status,
    errorBody(error.message, { code: error.code, severity: error.severity ?? 'ERROR' }),
    status === 400 ? 'SqlOverHttpError::Postgres' : 'HttpConnError::PostgresConnectionError',
  );

/** Errors of the proxy's HTTP server itself (`http_util.rs`). */
const served = (status: number, name: string, msg: string): NeonShape =>
  json(name, status, { msg }, 'api_error_into_response');

const foreign = (name: string, status: number | null, text: string): NeonShape => ({
  name,
  status,
  type: 'text/html',
  text,
  from: 'before the proxy',
});

/** 400 without a code: the driver makes them errors with `code: ""`. */
const WITHOUT_CODE: readonly NeonShape[] = [
  {
    name: 'connection_closed',
    from: 'SqlOverHttpError::Postgres, Kind::Closed: restart, scale-down or suspension of the compute',
    message: 'connection closed',
  },
  {
    name: 'connection_reset',
    from: 'SqlOverHttpError::Postgres, Kind::Io',
    message: 'error communicating with the server: Connection reset by peer (os error 104)',
  },
  {
    name: 'unexpected_message',
    from: 'SqlOverHttpError::Postgres, Kind::UnexpectedMessage',
    message: 'unexpected message from server',
  },
  {
    name: 'password_failed',
    from: 'AuthError::PasswordFailed',
    message: "password authentication failed for user 'local'",
  },
  {
    name: 'authentication_timeout',
    from: 'AuthError::UserTimeout',
    message: 'Authentication timed out',
  },
  {
    name: 'address_not_allowed',
    from: 'AuthError::IpAddressNotAllowed',
    message:
      'This IP address 203.0.113.1 is not allowed to connect to this endpoint. Please add it to the allowed list in the Neon console. Make sure to check for IPv4 or IPv6 addresses.',
  },
  {
    name: 'network_not_allowed',
    from: 'AuthError::NetworkNotAllowed',
    message: 'This connection is trying to access this endpoint from a blocked network.',
  },
  {
    name: 'endpoint_not_found',
    from: 'WakeComputeError, Reason::EndpointNotFound',
    message: 'Control plane request failed: endpoint cannot be found',
  },
  {
    name: 'endpoint_disabled',
    from: 'WakeComputeError, Reason::EndpointDisabled',
    message: 'Control plane request failed: endpoint is disabled',
  },
  {
    name: 'credentials_missing',
    from: 'ConnInfoError::MissingCredentials',
    message: 'missing authentication credentials: required password',
  },
  {
    name: 'request_not_read',
    from: 'ReadPayloadError::Read',
    message: 'could not read the HTTP request body: error reading a body from connection',
  },
  {
    name: 'request_not_parsed',
    from: 'ReadPayloadError::Parse',
    message:
      'could not parse the HTTP request body: lone leading surrogate in hex escape at line 1 column 40',
  },
].map((told) => said(400, told));

/** 500: the driver keeps the number and the text, and no code, whatever the body says. */
const SERVER_ERRORS: readonly NeonShape[] = [
  {
    name: 'control_plane_failed',
    from: 'ControlPlaneError::Transport',
    message: 'Control plane request failed',
  },
  {
    name: 'endpoint_unavailable',
    from: 'Reason::ProjectUnderMaintenance',
    message:
      'Control plane request failed: endpoint is temporarily unavailable. Check your quotas and/or contact our support.',
  },
  {
    name: 'compute_time_used_up',
    from: 'Reason::ComputeTimeQuotaExceeded',
    message:
      'Your account or project has exceeded the compute time quota. Upgrade your plan to increase limits.',
  },
  {
    name: 'compute_not_reached',
    from: 'compute::ConnectionError',
    message: "Couldn't connect to compute node",
  },
  {
    name: 'too_many_connections',
    from: 'AuthError::TooManyConnections',
    message: 'Too many connections to this endpoint. Please try again later.',
  },
  {
    name: 'too_many_attempts',
    from: 'ApiLockError',
    message:
      'Failed to acquire permit to connect to the database. Too many database connection attempts are currently ongoing.',
  },
  {
    name: 'pool_inconsistent',
    from: 'HttpConnError::ConnectionClosedAbruptly',
    message: 'pooled connection closed at inconsistent state',
  },
  {
    name: 'answer_not_understood',
    from: 'SqlOverHttpError::JsonConversion',
    message: 'could not parse postgres response',
  },
  { name: 'internal_error', from: 'AuthError::Io', message: 'Internal error' },
].map((told) => said(500, told));

/** Postgres, or the pooler before it, refuses the connection. */
const CONNECTION_REFUSED: readonly NeonShape[] = [
  refused(500, 'postgres_starts', {
    code: '57P03',
    severity: 'FATAL',
    message: 'the database system is starting up',
  }),
  refused(500, 'no_connection_left', {
    code: '53300',
    severity: 'FATAL',
    message: 'sorry, too many clients already',
  }),
  refused(500, 'pooler_full', {
    code: '08P01',
    severity: 'FATAL',
    message: 'no more connections allowed (max_client_conn)',
  }),
  refused(400, 'database_not_found', {
    code: '3D000',
    severity: 'FATAL',
    message: 'database "local" does not exist',
  }),
];

/** Postgres, or the pooler before it, stops in the middle. */
const STOPPED: readonly NeonShape[] = [
  json(
    'query_cancelled',
    400,
    { message: 'Query cancelled, connection was terminated', code: '08P01' },
    'SqlOverHttpError::Cancelled',
  ),
  refused(400, 'pooler_waits_too_long', {
    code: '08P01',
    severity: 'FATAL',
    message: 'query_wait_timeout',
  }),
  refused(400, 'postgres_stops', {
    code: '57P01',
    severity: 'FATAL',
    message: 'terminating connection due to administrator command',
  }),
  refused(400, 'postgres_crashed', {
    code: '57P02',
    severity: 'FATAL',
    message: 'terminating connection because of crash of another server process',
  }),
  refused(400, 'statement_timeout', {
    code: '57014',
    message: 'canceling statement due to statement timeout',
  }),
  refused(400, 'project_is_full', {
    code: '53100',
    message:
      'could not extend file because project size limit (512 MB) has been exceeded (pagestore_smgr.c)',
  }),
  refused(400, 'out_of_memory', { code: '53200', message: 'out of shared memory' }),
  refused(400, 'read_only', {
    code: '25006',
    message: 'cannot execute INSERT in a read-only transaction',
  }),
  refused(400, 'page_not_read', {
    code: '58030',
    message: '[NEON_SMGR] could not read block 7 in rel 1663/16389/16402.0 from page server',
  }),
  refused(400, 'page_server_error', {
    code: 'XX000',
    message: '[NEON_SMGR] [shard 0] could not receive response from page server',
  }),
];

const SERVED: readonly NeonShape[] = [
  served(503, 'proxy_stops', 'Shutting down'),
  served(503, 'resource_unavailable', 'resource unavailable'),
  served(429, 'too_many_requests', 'too many requests'),
  served(408, 'request_timeout', 'timed out'),
  served(500, 'proxy_failed', 'internal server error'),
];

/** Not Neon's own: what balances the load, or is on the way. */
const FOREIGN: readonly NeonShape[] = [
  foreign('bad_gateway', 502, '<html><h1>502 Bad Gateway</h1></html>'),
  foreign('gateway_timeout', 504, '<html><h1>504 Gateway Time-out</h1></html>'),
  foreign('origin_not_reached', 522, 'error code: 522'),
  foreign('bad_request_as_page', 400, '<html><h1>400 Bad Request</h1></html>'),
  foreign('bad_request_empty', 400, ''),
  foreign('bad_request_without_error', 400, '{}'),
  foreign('page_for_an_answer', 200, '<html><h1>Maintenance</h1></html>'),
  foreign('answer_broken_off', 200, '{"results":[{"fields":[{"na'),
  foreign('answer_of_nothing', 200, '{"results":[]}'),
  foreign('connection_breaks', null, ''),
];

/** The proxy's limits by its source: 10 MiB for a request and for an answer. */
export const MAX_REQUEST_BYTES = 10 * 1024 * 1024;
export const MAX_RESPONSE_BYTES = 10 * 1024 * 1024;

export const REQUEST_TOO_LARGE = said(413, {
  name: 'request_too_large',
  from: 'ReadPayloadError::BodyTooLarge',
  message: `request is too large (max is ${MAX_REQUEST_BYTES} bytes)`,
});
export const RESPONSE_TOO_LARGE = said(507, {
  name: 'response_too_large',
  from: 'SqlOverHttpError::ResponseTooLarge',
  message: `response is too large (max is ${MAX_RESPONSE_BYTES} bytes)`,
});

export const NEON_SHAPES: readonly NeonShape[] = [
  ...WITHOUT_CODE,
  ...SERVER_ERRORS,
  ...CONNECTION_REFUSED,
  ...STOPPED,
  ...SERVED,
  ...FOREIGN,
  REQUEST_TOO_LARGE,
  RESPONSE_TOO_LARGE,
];

const BY_NAME = new Map(NEON_SHAPES.map((shape) => [shape.name, shape]));

/** @throws if there is no shape of that name */
export function shapeOf(name: string): NeonShape {
  const shape = BY_NAME.get(name);
  if (shape === undefined) throw new Error(`Neon has no answer of the name ${name}.`);
  return shape;
}
