// Written by `npm run client` from /openapi.json: do not edit.

interface Answer<Content> {
  headers: { [name: string]: unknown };
  content: Content;
}

type Refusal<Code> = Answer<{
  "application/problem+json": components["schemas"]["Problem"] & { error: Code };
}>;

export interface paths {
  "/api/v1/sync": {
    /** Takes a payload of Health Auto Export; answers with its receipt. */
    post: {
      parameters: {
        path?: never;
        query?: never;
        header?: {
          /** Stands for one body: sent again, its first receipt. */
          "Idempotency-Key"?: string;
          /** Of the body. */
          "Content-Encoding"?: "gzip" | "identity";
          /** The automation of the app. */
          "automation-name"?: string;
          /** Id of the automation. */
          "automation-id"?: string;
          /** How the numbers are grouped. */
          "automation-aggregation"?: string;
          /** Which span the payload has. */
          "automation-period"?: string;
          /** Id of a run of the automation. */
          "session-id"?: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            "data"?: {
              [name: string]: unknown;
            };
          };
          "application/zip": unknown;
          "multipart/form-data": unknown;
          "*/*": unknown;
        };
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": components["schemas"]["Receipt"];
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        202: Answer<{
          "application/json": {
            "success": true;
            "data": components["schemas"]["Receipt"];
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        400: Refusal<"invalid_json" | "no_payload" | "invalid_gzip" | "invalid_zip" | "invalid_multipart" | "invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        413: Refusal<"body_too_large" | "expansion_refused">;
        415: Refusal<"encoding_not_supported">;
        422: Refusal<"idempotency_key_reused">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"storage_unavailable" | "database_unavailable">;
      };
    };
  };
  "/api/data": {
    /** Takes a payload as the app's own server does, and answers as it does. */
    post: {
      parameters: {
        path?: never;
        query?: never;
        header?: {
          /** Stands for one body: sent again, its first receipt. */
          "Idempotency-Key"?: string;
          /** Of the body. */
          "Content-Encoding"?: "gzip" | "identity";
          /** The automation of the app. */
          "automation-name"?: string;
          /** Id of the automation. */
          "automation-id"?: string;
          /** How the numbers are grouped. */
          "automation-aggregation"?: string;
          /** Which span the payload has. */
          "automation-period"?: string;
          /** Id of a run of the automation. */
          "session-id"?: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            "data"?: {
              [name: string]: unknown;
            };
          };
          "application/zip": unknown;
          "multipart/form-data": unknown;
          "*/*": unknown;
        };
      };
      responses: {
        200: Answer<{
          "application/json": {
            [name: string]: {
              "success": boolean;
              "message"?: string;
              "error"?: string;
            };
          };
        }>;
        207: Answer<{
          "application/json": {
            [name: string]: {
              "success": boolean;
              "message"?: string;
              "error"?: string;
            };
          };
        }>;
        400: Refusal<"invalid_json" | "no_payload" | "invalid_gzip" | "invalid_zip" | "invalid_multipart" | "invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        413: Refusal<"body_too_large" | "expansion_refused">;
        415: Refusal<"encoding_not_supported">;
        422: Refusal<"idempotency_key_reused">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Answer<{
          "application/json": {
            [name: string]: {
              "success": boolean;
              "message"?: string;
              "error"?: string;
            };
          };
          "application/problem+json": (components["schemas"]["Problem"]) & ({
            "status"?: 500;
            "error"?: "internal_error";
          });
        }>;
        503: Refusal<"storage_unavailable" | "database_unavailable">;
      };
    };
  };
  "/api/v1/check": {
    /** Answers with the receipt that this payload would get. Nothing is stored. */
    post: {
      parameters: {
        path?: never;
        query?: never;
        header?: {
          /** Stands for one body: sent again, its first receipt. */
          "Idempotency-Key"?: string;
          /** Of the body. */
          "Content-Encoding"?: "gzip" | "identity";
          /** The automation of the app. */
          "automation-name"?: string;
          /** Id of the automation. */
          "automation-id"?: string;
          /** How the numbers are grouped. */
          "automation-aggregation"?: string;
          /** Which span the payload has. */
          "automation-period"?: string;
          /** Id of a run of the automation. */
          "session-id"?: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            "data"?: {
              [name: string]: unknown;
            };
          };
          "application/zip": unknown;
          "multipart/form-data": unknown;
          "*/*": unknown;
        };
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": components["schemas"]["Receipt"];
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        400: Refusal<"invalid_json" | "no_payload" | "invalid_gzip" | "invalid_zip" | "invalid_multipart" | "invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        413: Refusal<"body_too_large" | "expansion_refused">;
        415: Refusal<"encoding_not_supported">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/ingestions": {
    /** The receipts of what was uploaded, newest first. */
    get: {
      parameters: {
        path?: never;
        query?: {
          "limit"?: number;
          "cursor"?: string;
        };
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": (components["schemas"]["Receipt"])[];
            /** In words. */
            "message"?: string;
            "pagination": components["schemas"]["CursorPagination"];
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/ingestions/{id}": {
    /** The receipt of one upload: what became of every item. */
    get: {
      parameters: {
        path: {
          /** As its receipt says. */
          "id": string;
        };
        query?: never;
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": components["schemas"]["Receipt"];
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        404: Refusal<"not_found">;
        429: Refusal<"too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/ingestions/{id}/replay": {
    /** Loads the archived body of an upload once more, with the decoder of today. */
    post: {
      parameters: {
        path: {
          /** As its receipt says. */
          "id": string;
        };
        query?: never;
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": components["schemas"]["Receipt"];
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        202: Answer<{
          "application/json": {
            "success": true;
            "data": components["schemas"]["Receipt"];
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        404: Refusal<"not_found">;
        410: Refusal<"body_gone">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"storage_unavailable" | "database_unavailable">;
      };
    };
  };
  "/api/v1/metrics": {
    /** The catalogue of metrics; for a read key with what this person has of each. */
    get: {
      parameters: {
        path?: never;
        query?: never;
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": (components["schemas"]["Metric"])[];
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/metrics/{name}/samples": {
    /** The samples of one metric, oldest first. */
    get: {
      parameters: {
        path: {
          /** Or an alias. */
          "name": string;
        };
        query?: {
          "from"?: string;
          "to"?: string;
          "limit"?: number;
          "cursor"?: string;
        };
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": (components["schemas"]["Sample"])[];
            /** In words. */
            "message"?: string;
            "pagination": components["schemas"]["CursorPagination"];
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        304: Answer<never>;
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        404: Refusal<"not_found">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/keys": {
    /** Makes a key, which is shown this once. */
    post: {
      parameters: {
        path?: never;
        query?: never;
        header?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            "kind": "ing" | "read" | "admin";
            /** To tell keys apart. */
            "name"?: string | null;
            /** E-mail of the person it acts for; without it, whoever the admin key belongs to. */
            "person"?: string | null;
            /** Else never. */
            "expires_in_days"?: number | null;
            "requests_per_hour"?: number | null;
            "bytes_per_hour"?: number | null;
          };
        };
      };
      responses: {
        201: Answer<{
          "application/json": {
            "success": true;
            "data": components["schemas"]["NewKey"];
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        400: Refusal<"invalid_json" | "invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable" | "cache_unavailable">;
      };
    };
    /** All keys, newest first, without their secrets. */
    get: {
      parameters: {
        path?: never;
        query?: {
          /** Which page, from 1 on. */
          "page"?: number;
          /** Rows a page. */
          "per_page"?: number;
        };
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": (components["schemas"]["Key"])[];
            /** In words. */
            "message"?: string;
            "pagination": components["schemas"]["NumberedPagination"];
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/keys/{id}": {
    /** Revokes a key; within a minute it opens nothing anywhere. */
    delete: {
      parameters: {
        path: {
          "id": string;
        };
        query?: never;
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": {
              "id": string;
              "revoked": true;
            };
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        404: Refusal<"not_found">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable" | "cache_unavailable">;
      };
    };
  };
  "/api/v1/admin/replay": {
    /** Replays the uploads of a person and a span as a job: a preview, or with `apply` for good. */
    post: {
      parameters: {
        path?: never;
        query?: never;
        header?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** E-mail; without it, whoever the admin key belongs to. */
            "person"?: string | null;
            /** Uploads that were received from then on. */
            "from": string;
            /** And before then. */
            "to": string;
            /** For good, and not only as a preview. */
            "apply"?: boolean;
            /** Only uploads that a decoder older than this version has read. */
            "decoder_below"?: number | null;
          };
        };
      };
      responses: {
        202: Answer<{
          "application/json": {
            "success": true;
            "data": components["schemas"]["Job"];
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        400: Refusal<"invalid_json" | "invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        404: Refusal<"not_found">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/admin/jobs/{id}": {
    /** How far a job has come, and what came of it. */
    get: {
      parameters: {
        path: {
          "id": string;
        };
        query?: never;
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": components["schemas"]["Job"];
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        404: Refusal<"not_found">;
        429: Refusal<"too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
    /** Stops a job. What it has done stays done. */
    delete: {
      parameters: {
        path: {
          "id": string;
        };
        query?: never;
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": components["schemas"]["Job"];
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        404: Refusal<"not_found">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/admin/jobs": {
    /** All jobs, newest first. */
    get: {
      parameters: {
        path?: never;
        query?: {
          /** Which page, from 1 on. */
          "page"?: number;
          /** Rows a page. */
          "per_page"?: number;
        };
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": (components["schemas"]["Job"])[];
            /** In words. */
            "message"?: string;
            "pagination": components["schemas"]["NumberedPagination"];
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/admin/reconcile": {
    /** Compares archive, receipts and rows; sends again what is missing; answers with what it found. */
    post: {
      parameters: {
        path?: never;
        query?: never;
        header?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** E-mail; without it everyone. */
            "person"?: string | null;
            /** First day on which bodies were received; without it yesterday. */
            "from"?: string | null;
            /** Last such day; without it today. */
            "to"?: string | null;
          };
        };
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": components["schemas"]["Findings"];
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        400: Refusal<"invalid_json" | "invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"storage_unavailable" | "database_unavailable">;
      };
    };
  };
  "/api/v1/admin/audit": {
    /** Every use of a key that changed something, newest first. */
    get: {
      parameters: {
        path?: never;
        query?: {
          "from"?: string;
          "to"?: string;
          "person_id"?: string;
          "key_id"?: string;
          "action"?: string;
          "limit"?: number;
          "cursor"?: string;
        };
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": (components["schemas"]["Deed"])[];
            /** In words. */
            "message"?: string;
            "pagination": components["schemas"]["CursorPagination"];
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/admin/partitions": {
    /** Partitions with their spans, sizes and estimated rows. */
    get: {
      parameters: {
        path?: never;
        query?: {
          /** Of this table alone. */
          "table"?: string;
          /** Which page, from 1 on. */
          "page"?: number;
          /** Rows a page. */
          "per_page"?: number;
        };
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": (components["schemas"]["Partition"])[];
            /** In words. */
            "message"?: string;
            "pagination": components["schemas"]["NumberedPagination"];
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/schemas": {
    /** The JSON Schemas of the payload and of its sections. */
    get: {
      parameters: {
        path?: never;
        query?: never;
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            [name: string]: string;
          };
        }>;
        500: Refusal<"internal_error">;
      };
    };
  };
  "/schemas/{name}": {
    /** One JSON Schema. */
    get: {
      parameters: {
        path: {
          "name": string;
        };
        query?: never;
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/schema+json": {
            "$schema": string;
            "type": string;
            [name: string]: unknown;
          };
        }>;
        400: Refusal<"invalid_parameter">;
        404: Refusal<"not_found">;
        500: Refusal<"internal_error">;
      };
    };
  };
  "/health": {
    /** Whether the server and what it depends on are well; the database as it was last seen. */
    get: {
      parameters: {
        path?: never;
        query?: never;
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": components["schemas"]["Health"];
        }>;
        500: Refusal<"internal_error">;
        503: Answer<{
          "application/json": components["schemas"]["Health"];
        }>;
      };
    };
  };
  "/live": {
    /** Whether the Worker runs at all. */
    get: {
      parameters: {
        path?: never;
        query?: never;
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "status": "alive";
          };
        }>;
        500: Refusal<"internal_error">;
      };
    };
  };
  "/health/live": {
    /** Whether the Worker runs at all. */
    get: {
      parameters: {
        path?: never;
        query?: never;
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "status": "alive";
          };
        }>;
        500: Refusal<"internal_error">;
      };
    };
  };
  "/ready": {
    /** Whether uploads can be taken: that is so while the archive can be reached. */
    get: {
      parameters: {
        path?: never;
        query?: never;
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "status": "ready" | "not_ready";
            "archive": "connected" | "disconnected";
          };
        }>;
        500: Refusal<"internal_error">;
        503: Answer<{
          "application/json": {
            "status": "ready" | "not_ready";
            "archive": "connected" | "disconnected";
          };
        }>;
      };
    };
  };
  "/health/ready": {
    /** Whether uploads can be taken: that is so while the archive can be reached. */
    get: {
      parameters: {
        path?: never;
        query?: never;
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "status": "ready" | "not_ready";
            "archive": "connected" | "disconnected";
          };
        }>;
        500: Refusal<"internal_error">;
        503: Answer<{
          "application/json": {
            "status": "ready" | "not_ready";
            "archive": "connected" | "disconnected";
          };
        }>;
      };
    };
  };
  "/health/detailed": {
    /** How every part is, what upkeep last found, and what is wrong, each with its cure. */
    get: {
      parameters: {
        path?: never;
        query?: never;
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": components["schemas"]["DetailedHealth"];
        }>;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        429: Refusal<"too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Answer<{
          "application/json": components["schemas"]["DetailedHealth"];
          "application/problem+json": (components["schemas"]["Problem"]) & ({
            "status"?: 503;
            "error"?: "database_unavailable";
          });
        }>;
      };
    };
  };
  "/metrics": {
    /** Counters and gauges in the Prometheus text format; `database=false` lets a database sleep. */
    get: {
      parameters: {
        path?: never;
        query?: {
          /** Whether the database is asked, too. */
          "database"?: string;
        };
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "text/plain": string;
        }>;
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        429: Refusal<"too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/docs": {
    /** This API as a page, to read and to try. */
    get: {
      parameters: {
        path?: never;
        query?: never;
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "text/html": string;
        }>;
        500: Refusal<"internal_error">;
      };
    };
  };
  "/docs/start.js": {
    /** The first lines of that page. */
    get: {
      parameters: {
        path?: never;
        query?: never;
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "text/javascript": string;
        }>;
        500: Refusal<"internal_error">;
      };
    };
  };
  "/docs/swagger-ui-bundle.js": {
    /** Swagger UI. */
    get: {
      parameters: {
        path?: never;
        query?: never;
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "text/javascript": string;
        }>;
        500: Refusal<"internal_error">;
      };
    };
  };
  "/docs/swagger-ui.css": {
    /** Its style. */
    get: {
      parameters: {
        path?: never;
        query?: never;
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "text/css": string;
        }>;
        500: Refusal<"internal_error">;
      };
    };
  };
  "/openapi.json": {
    /** This API, as OpenAPI 3.1. */
    get: {
      parameters: {
        path?: never;
        query?: never;
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "openapi": string;
            "info": {
              "title": string;
              "version": string;
              [name: string]: unknown;
            };
            "paths": {
              [name: string]: {
                [name: string]: unknown;
              };
            };
            [name: string]: unknown;
          };
        }>;
        500: Refusal<"internal_error">;
      };
    };
  };
}

export interface components {
  schemas: {
    /** Id of the request, as the log knows it; the one that was sent, if it was. */
    "CorrelationId": string;
    /** The server's clock. */
    "Timestamp": string;
    /** A page of a list that goes by cursor. */
    "CursorPagination": {
      "limit": number;
      "has_next": boolean;
      /** Send it as `cursor` for the next page; `null` on the last. */
      "next_cursor": string | null;
    };
    /** A page of a list that goes by number. */
    "NumberedPagination": {
      "page": number;
      "per_page": number;
      "total_items": number;
      "total_pages": number;
      "has_next": boolean;
      "has_prev": boolean;
    };
    /** A refusal (RFC 9457). */
    "Problem": {
      "type": string;
      "title": string;
      "status": number;
      /** What is wrong with this very request, and the cure. */
      "detail"?: string;
      "success": false;
      /** A stable code. */
      "error": "invalid_json" | "no_payload" | "invalid_gzip" | "invalid_zip" | "invalid_multipart" | "invalid_parameter" | "key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired" | "scope_missing" | "not_found" | "method_not_allowed" | "body_gone" | "body_too_large" | "expansion_refused" | "encoding_not_supported" | "idempotency_key_reused" | "quota_exceeded" | "too_many_attempts" | "internal_error" | "storage_unavailable" | "database_unavailable" | "cache_unavailable";
      "errors"?: ({
        /** JSON pointer into the body, or the name of a parameter. */
        "pointer": string;
        "code": string;
        "message": string;
      })[];
      "correlation_id": components["schemas"]["CorrelationId"];
      "timestamp": components["schemas"]["Timestamp"];
    };
    /** What became of every item of an upload. */
    "Receipt": {
      "id": string;
      "status": "queued" | "loading" | "deferred" | "stored" | "stored_with_issues" | "failed";
      "received_at": string;
      /** null while items are on their way. */
      "completed_at": string | null;
      /** The upload whose body was loaded once more. */
      "replay_of": string | null;
      "bytes": number;
      /** Of the body as archived; empty for a dry run. */
      "sha256": string;
      /** What the headers of the app said. */
      "automation": {
        "name": string | null;
        "id": string | null;
        "aggregation": string | null;
        "period": string | null;
        "session_id": string | null;
      };
      "slices": {
        "total": number;
        "loaded": number;
      };
      "failure": {
        "code": "body_gone" | "slice_not_loadable" | "attempts_exhausted" | "cut_changed";
        "message": string;
      } | null;
      /** Versions of the decoder that read its slices. */
      "decoders": (number)[];
      "totals": components["schemas"]["Counts"];
      /** By metric or section. */
      "metrics": {
        [name: string]: components["schemas"]["Counts"];
      };
      /** By section, how often each field was seen that this server does not know. */
      "unknown_fields": {
        [name: string]: {
          [name: string]: number;
        };
      };
      /** The first hundred. */
      "issues": ({
        /** JSON pointer into the body. */
        "pointer": string;
        "code": string;
        "message": string;
      })[];
      "issues_total": number;
    };
    /** received = inserted + updated + unchanged + set_aside, once a receipt is closed. */
    "Counts": {
      "received": number;
      "inserted": number;
      "updated": number;
      "unchanged": number;
      "set_aside": number;
    };
    "Metric": {
      "name": string;
      "title": string;
      "category": string;
      /** How its values combine over time. */
      "kind": "sum" | "average" | "range" | "own" | "unknown";
      /** What its values are stored in. */
      "unit": string;
      "aliases": (string)[];
      /** What this person has of it; only for a read key, null for nothing. */
      "has"?: {
        "units": (string)[];
        "sources": (string)[];
        "first": string | null;
        "last": string | null;
      } | null;
    };
    /** Blood pressure has its three numbers in place of one value. */
    "Sample": {
      "recorded_at": string;
      "ended_at": string | null;
      "value"?: number;
      "min"?: number | null;
      "max"?: number | null;
      "systolic"?: number | null;
      "diastolic"?: number | null;
      "pulse"?: number | null;
      "unit": string;
      /** As the app wrote it. */
      "source": string;
      /** How the numbers were grouped, as the app said. */
      "grouping": string;
      /** Meal time, insulin reason and the like. */
      "context": string | null;
    };
    "NewKey": {
      "id": string;
      "kind": "ing" | "read" | "admin";
      "name": string | null;
      "person_id": string;
      /** null: the installation's own limit. */
      "requests_per_hour": number | null;
      /** null: the installation's own limit. */
      "bytes_per_hour": number | null;
      "created_at": string;
      /** null: never. */
      "expires_at": string | null;
      "revoked_at": string | null;
      /** The key itself, shown this once. */
      "key": string;
    };
    /** A key, without its secret. */
    "Key": {
      "id": string;
      "kind": "ing" | "read" | "admin";
      "name": string | null;
      "person_id": string;
      /** null: the installation's own limit. */
      "requests_per_hour": number | null;
      /** null: the installation's own limit. */
      "bytes_per_hour": number | null;
      "created_at": string;
      /** null: never. */
      "expires_at": string | null;
      "revoked_at": string | null;
    };
    /** The replay of a span. The counts of a preview say what would become of the items. */
    "Job": {
      "id": string;
      "kind": "replay";
      "status": "running" | "done" | "cancelled";
      /** false: a preview, of which nothing is stored. */
      "applies": boolean;
      "person_id": string;
      "from": string;
      "to": string;
      "created_at": string;
      "finished_at": string | null;
      "uploads": {
        "total": number;
        "done": number;
        "failed": number;
      };
      "totals": components["schemas"]["Counts"];
      "metrics": {
        [name: string]: components["schemas"]["Counts"];
      };
    };
    "Findings": {
      /** What became of the receipts that did not close. */
      "receipts": {
        "uploads": number;
        "slices": number;
        "replayed": number;
        "gone": number;
        "left": number;
        "open": number;
      };
      /** What became of archived bodies that no receipt knew. */
      "archive": {
        "bodies": number;
        "adopted": number;
        "rejected": number;
        "left": number;
      };
      /** Complete receipts that do not add up: an alarm. */
      "not_closing": (string)[];
    };
    "Deed": {
      "id": string;
      "at": string;
      "action": string;
      /** The key that was used; null: a hand on the server. */
      "key_id": string | null;
      /** Whom that key stands for. */
      "actor_id": string | null;
      /** Whose data it was about. */
      "person_id": string | null;
      "object": string;
      "correlation_id": string;
      /** Never a health value. */
      "details": unknown;
    };
    "Partition": {
      "table": string;
      "partition": string;
      "from": string;
      "to": string;
      /** null: for ever. */
      "kept_until": string | null;
      "bytes": number;
      /** An estimate. */
      "rows": number;
    };
    "Health": {
      "status": "healthy" | "degraded" | "unhealthy";
      /** As it was last seen: this does not wake it. */
      "database": "connected" | "disconnected" | "not asked yet";
      "cache": "connected" | "disconnected";
      "archive": "connected" | "disconnected";
      "environment": "production" | "local";
      "timestamp": string;
    };
    "DetailedHealth": {
      "status": "healthy" | "degraded" | "unhealthy";
      /** What is wrong, each with its cure. */
      "alarms": (string)[];
      "version": string;
      "environment": "production" | "local";
      "archive": {
        "state": "connected" | "disconnected";
      };
      "cache": {
        "state": "connected" | "disconnected";
      };
      "database": {
        "state": "connected" | "disconnected";
        "version"?: string;
        "latency_ms"?: number;
        "partitions_until"?: string | null;
      };
      "queues": ({
        "queue": string;
        "messages": number;
        "oldest_seconds": number | null;
      })[];
      /** null while the database is away. */
      "receipts": {
        "open": number;
        "oldest_open_at": string | null;
        "failed_last_day": number;
        "not_closing": number;
      } | null;
      "jobs_running": number | null;
      "upkeep"?: ({
        "task": string;
        "ran_at": string | null;
        "findings": unknown;
      })[];
      "timestamp": string;
    };
  };
}
