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
        415: Refusal<"foreign_export" | "encoding_not_supported">;
        422: Refusal<"idempotency_key_reused">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        499: Refusal<"client_gone">;
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
        415: Refusal<"foreign_export" | "encoding_not_supported">;
        422: Refusal<"idempotency_key_reused">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        499: Refusal<"client_gone">;
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
        query?: {
          /** Place of the first issue that is shown, of `issues_total`: any can be shown, a hundred at once. */
          "issues_from"?: number;
        };
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
        413: Refusal<"body_too_large" | "dry_run_too_long" | "expansion_refused">;
        415: Refusal<"foreign_export" | "encoding_not_supported">;
        429: Refusal<"dry_run_busy" | "quota_exceeded" | "too_many_attempts">;
        499: Refusal<"client_gone">;
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
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
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
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/metrics/{name}/samples": {
    /** The samples of one metric, oldest first, whether or not they count in totals. */
    get: {
      parameters: {
        path: {
          /** Name or alias of a metric; see /api/v1/metrics. */
          "name": string;
        };
        query?: {
          /** A day (2026-03-02, of the zone) or an instant (2026-03-02T00:00:00Z). */
          "from"?: string;
          /** A day (2026-03-02, of the zone) or an instant (2026-03-02T00:00:00Z). */
          "to"?: string;
          /** Whose days are meant. Without it, those of the person. */
          "tz"?: string;
          /** Only this source, as its samples name it. May be repeated. */
          "source"?: string | (string)[];
          /** Only these groupings, separated by commas: seconds, minutes, default, hours, days, unknown. */
          "grouping"?: string;
          /** `canonical`: as values are stored, whatever the person prefers to see */
          "units"?: "preferred" | "canonical";
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
          "application/x-ndjson": string;
          "text/csv": string;
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
  "/api/v1/metrics/{name}/aggregate": {
    /** What a metric comes to, bucket by bucket, all sources together. */
    get: {
      parameters: {
        path: {
          /** Name or alias of a metric; see /api/v1/metrics. */
          "name": string;
        };
        query?: {
          "bucket"?: "minute" | "hour" | "day" | "week" | "month" | "year";
          /** A day (2026-03-02, of the zone) or an instant (2026-03-02T00:00:00Z). */
          "from"?: string;
          /** A day (2026-03-02, of the zone) or an instant (2026-03-02T00:00:00Z). */
          "to"?: string;
          /** Whose days are meant. Without it, those of the person. */
          "tz"?: string;
          "agg"?: "sum" | "avg" | "min" | "max" | "count" | "last" | "p50" | "p95";
          /** Only this source, as its samples name it. May be repeated. */
          "source"?: string | (string)[];
          /** Only these groupings, separated by commas: seconds, minutes, default, hours, days, unknown. */
          "grouping"?: string;
          /** `canonical`: as values are stored, whatever the person prefers to see */
          "units"?: "preferred" | "canonical";
          "fill"?: "null" | "none";
          "explain"?: "0" | "1";
        };
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": ({
              "metric": string;
              "agg": "sum" | "avg" | "min" | "max" | "count" | "last" | "p50" | "p95";
              "start": string;
              "day": string | null;
              "value": number | null;
              "samples": number;
              "unit": string;
              /** With `explain=1`: what each source said, and how much of it counted, as it is stored. */
              "sources"?: ({
                "source": string;
                "grouping": string;
                "context": string | null;
                "unit": string;
                "rank": number | null;
                "samples": number;
                "value": number;
                "counted_samples": number;
                "counted_value": number | null;
              })[];
            })[];
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
          "application/x-ndjson": string;
          "text/csv": string;
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
  "/api/v1/metrics/{name}/daily": {
    /** What a metric comes to, day by day; days without a number are told of. */
    get: {
      parameters: {
        path: {
          /** Name or alias of a metric; see /api/v1/metrics. */
          "name": string;
        };
        query?: {
          /** A day (2026-03-02, of the zone) or an instant (2026-03-02T00:00:00Z). */
          "from"?: string;
          /** A day (2026-03-02, of the zone) or an instant (2026-03-02T00:00:00Z). */
          "to"?: string;
          /** Whose days are meant. Without it, those of the person. */
          "tz"?: string;
          "agg"?: "sum" | "avg" | "min" | "max" | "count" | "last" | "p50" | "p95";
          /** Only this source, as its samples name it. May be repeated. */
          "source"?: string | (string)[];
          /** Only these groupings, separated by commas: seconds, minutes, default, hours, days, unknown. */
          "grouping"?: string;
          /** `canonical`: as values are stored, whatever the person prefers to see */
          "units"?: "preferred" | "canonical";
          "fill"?: "null" | "none";
          "explain"?: "0" | "1";
        };
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": ({
              "metric": string;
              "agg": "sum" | "avg" | "min" | "max" | "count" | "last" | "p50" | "p95";
              "start": string;
              "day": string | null;
              "value": number | null;
              "samples": number;
              "unit": string;
              /** With `explain=1`: what each source said, and how much of it counted, as it is stored. */
              "sources"?: ({
                "source": string;
                "grouping": string;
                "context": string | null;
                "unit": string;
                "rank": number | null;
                "samples": number;
                "value": number;
                "counted_samples": number;
                "counted_value": number | null;
              })[];
            })[];
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
          "application/x-ndjson": string;
          "text/csv": string;
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
  "/api/v1/aggregate": {
    /** What several metrics come to, bucket by bucket, all sources together. */
    get: {
      parameters: {
        path?: never;
        query: {
          /** Names, separated by commas. */
          "metrics": string;
          "bucket"?: "minute" | "hour" | "day" | "week" | "month" | "year";
          /** A day (2026-03-02, of the zone) or an instant (2026-03-02T00:00:00Z). */
          "from"?: string;
          /** A day (2026-03-02, of the zone) or an instant (2026-03-02T00:00:00Z). */
          "to"?: string;
          /** Whose days are meant. Without it, those of the person. */
          "tz"?: string;
          "agg"?: "sum" | "avg" | "min" | "max" | "count" | "last" | "p50" | "p95";
          /** Only this source, as its samples name it. May be repeated. */
          "source"?: string | (string)[];
          /** Only these groupings, separated by commas: seconds, minutes, default, hours, days, unknown. */
          "grouping"?: string;
          /** `canonical`: as values are stored, whatever the person prefers to see */
          "units"?: "preferred" | "canonical";
          "fill"?: "null" | "none";
          "explain"?: "0" | "1";
        };
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": ({
              "metric": string;
              "agg": "sum" | "avg" | "min" | "max" | "count" | "last" | "p50" | "p95";
              "start": string;
              "day": string | null;
              "value": number | null;
              "samples": number;
              "unit": string;
              /** With `explain=1`: what each source said, and how much of it counted, as it is stored. */
              "sources"?: ({
                "source": string;
                "grouping": string;
                "context": string | null;
                "unit": string;
                "rank": number | null;
                "samples": number;
                "value": number;
                "counted_samples": number;
                "counted_value": number | null;
              })[];
            })[];
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
          "application/x-ndjson": string;
          "text/csv": string;
        }>;
        304: Answer<never>;
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/sleep": {
    /** Nights and naps by the day of waking, oldest first; `counts` marks one night a day. */
    get: {
      parameters: {
        path?: never;
        query?: {
          "from"?: string;
          "to"?: string;
          /** Whose days are meant. Without it, those of the person. */
          "tz"?: string;
          /** Only this source, as its samples name it. May be repeated. */
          "source"?: string | (string)[];
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
            "data": ({
              "id": string;
              /** Local day of waking */
              "day": string;
              /** Falling asleep */
              "began_at": string | null;
              /** Waking */
              "ended_at": string;
              "in_bed_from": string | null;
              "in_bed_until": string | null;
              "hours": {
                /** Hours asleep, in all stages */
                "total": number;
                /** Hours of core sleep */
                "core": number | null;
                /** Hours of deep sleep */
                "deep": number | null;
                /** Hours of REM sleep */
                "rem": number | null;
                /** Hours asleep in no particular stage; in old versions of the app all of them */
                "asleep": number | null;
                /** Hours awake in between */
                "awake": number | null;
                /** Hours in bed */
                "in_bed": number | null;
              };
              /** Share of the time in bed that was sleep, 0 to 1 */
              "efficiency": number | null;
              /** From lying down to falling asleep; null where the app does not tell these apart */
              "latency_minutes": number | null;
              "source": string;
              /** False: more sleep than time between beginning and end */
              "plausible": boolean;
              /** Does not run beside the night that counts */
              "is_nap": boolean;
              /** The one night of its day that counts among several sources */
              "counts": boolean;
            })[];
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
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/sleep/{id}": {
    /** One night with its stages. */
    get: {
      parameters: {
        path: {
          "id": string;
        };
        query?: {
          /** Whose days are meant. Without it, those of the person. */
          "tz"?: string;
        };
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": {
              "id": string;
              /** Local day of waking */
              "day": string;
              /** Falling asleep */
              "began_at": string | null;
              /** Waking */
              "ended_at": string;
              "in_bed_from": string | null;
              "in_bed_until": string | null;
              "hours": {
                /** Hours asleep, in all stages */
                "total": number;
                /** Hours of core sleep */
                "core": number | null;
                /** Hours of deep sleep */
                "deep": number | null;
                /** Hours of REM sleep */
                "rem": number | null;
                /** Hours asleep in no particular stage; in old versions of the app all of them */
                "asleep": number | null;
                /** Hours awake in between */
                "awake": number | null;
                /** Hours in bed */
                "in_bed": number | null;
              };
              /** Share of the time in bed that was sleep, 0 to 1 */
              "efficiency": number | null;
              /** From lying down to falling asleep; null where the app does not tell these apart */
              "latency_minutes": number | null;
              "source": string;
              /** False: more sleep than time between beginning and end */
              "plausible": boolean;
              /** Does not run beside the night that counts */
              "is_nap": boolean;
              /** The one night of its day that counts among several sources */
              "counts": boolean;
              "stages": ({
                /** core, deep, rem, awake, in_bed or asleep; else the app's own word */
                "stage": string;
                "started_at": string;
                "ended_at": string;
                /** As the app wrote it */
                "label": string;
                "minutes": number;
              })[];
            };
            /** In words. */
            "message"?: string;
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
  "/api/v1/workouts": {
    /** Workouts with their summaries, oldest first. */
    get: {
      parameters: {
        path?: never;
        query?: {
          "from"?: string;
          "to"?: string;
          "activity"?: string;
          "source"?: string;
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
            "data": ({
              "id": string;
              /** Apple Health's; name, start and end where the app sends none */
              "external_id": string;
              "started_at": string;
              "ended_at": string | null;
              /** As the app wrote it */
              "name": string;
              /** What the name means, where it is known */
              "activity": string | null;
              "source": string;
              /** Version of the app's export, 1 or 2 */
              "version": number;
              /** s */
              "duration_s": number | null;
              /** kcal */
              "active_energy_kcal": number | null;
              /** kcal */
              "basal_energy_kcal": number | null;
              /** kcal */
              "total_energy_kcal": number | null;
              /** kcal/hr·kg */
              "intensity_met": number | null;
              /** km */
              "distance_km": number | null;
              /** km/hr */
              "speed_km_hr": number | null;
              /** km/hr */
              "avg_speed_km_hr": number | null;
              /** km/hr */
              "max_speed_km_hr": number | null;
              /** m */
              "elevation_up_m": number | null;
              /** m */
              "elevation_down_m": number | null;
              /** count/min */
              "heart_rate_min": number | null;
              /** count/min */
              "heart_rate_avg": number | null;
              /** count/min */
              "heart_rate_max": number | null;
              /** count */
              "step_count": number | null;
              /** count/min */
              "step_cadence": number | null;
              /** count */
              "flights_climbed": number | null;
              /** count */
              "swim_strokes": number | null;
              /** count/min */
              "swim_cadence": number | null;
              /** m */
              "lap_length_m": number | null;
              /** count */
              "swolf_score": number | null;
              /** degC */
              "temperature_c": number | null;
              /** % */
              "humidity_percent": number | null;
              "location": string | null;
              "stroke_style": string | null;
              "salinity": string | null;
              "is_indoor": boolean | null;
            })[];
            /** In words. */
            "message"?: string;
            "pagination": components["schemas"]["CursorPagination"];
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
          "application/x-ndjson": string;
          "text/csv": string;
        }>;
        304: Answer<never>;
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/workouts/{id}": {
    /** One workout: its summary, its series, and its time in the zones of the heart rate. */
    get: {
      parameters: {
        path: {
          "id": string;
        };
        query?: {
          "max_heart_rate"?: number;
        };
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": {
              "id": string;
              /** Apple Health's; name, start and end where the app sends none */
              "external_id": string;
              "started_at": string;
              "ended_at": string | null;
              /** As the app wrote it */
              "name": string;
              /** What the name means, where it is known */
              "activity": string | null;
              "source": string;
              /** Version of the app's export, 1 or 2 */
              "version": number;
              /** s */
              "duration_s": number | null;
              /** kcal */
              "active_energy_kcal": number | null;
              /** kcal */
              "basal_energy_kcal": number | null;
              /** kcal */
              "total_energy_kcal": number | null;
              /** kcal/hr·kg */
              "intensity_met": number | null;
              /** km */
              "distance_km": number | null;
              /** km/hr */
              "speed_km_hr": number | null;
              /** km/hr */
              "avg_speed_km_hr": number | null;
              /** km/hr */
              "max_speed_km_hr": number | null;
              /** m */
              "elevation_up_m": number | null;
              /** m */
              "elevation_down_m": number | null;
              /** count/min */
              "heart_rate_min": number | null;
              /** count/min */
              "heart_rate_avg": number | null;
              /** count/min */
              "heart_rate_max": number | null;
              /** count */
              "step_count": number | null;
              /** count/min */
              "step_cadence": number | null;
              /** count */
              "flights_climbed": number | null;
              /** count */
              "swim_strokes": number | null;
              /** count/min */
              "swim_cadence": number | null;
              /** m */
              "lap_length_m": number | null;
              /** count */
              "swolf_score": number | null;
              /** degC */
              "temperature_c": number | null;
              /** % */
              "humidity_percent": number | null;
              "location": string | null;
              "stroke_style": string | null;
              "salinity": string | null;
              "is_indoor": boolean | null;
              /** All that has no column, as the app sent it */
              "attributes": {
                [name: string]: unknown;
              };
              "has_route": boolean;
              /** Of one metric the fullest first */
              "series": ({
                "metric": string;
                "unit": string;
                /** Such as `recovery`, after the end */
                "context": string | null;
                "source": string;
                "points": number;
              })[];
              "heart_rate_zones": {
                "max_heart_rate": number;
                /** Whether it was asked for, or is the highest in the workouts of the year before */
                "max_heart_rate_from": "parameter" | "last_12_months";
                /** Below the first zone */
                "seconds_below": number;
                "zones": ({
                  "zone": number;
                  /** Beats a minute; included */
                  "from": number;
                  /** Beats a minute; the last zone has no upper end */
                  "to": number;
                  "seconds": number;
                })[];
              } | null;
            };
            /** In words. */
            "message"?: string;
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
  "/api/v1/workouts/{id}/series/{metric}": {
    /** The points of one series inside a workout, oldest first. */
    get: {
      parameters: {
        path: {
          "id": string;
          /** Name or alias of a metric; see /api/v1/metrics. */
          "metric": string;
        };
        query?: {
          "context"?: string;
          /** Only this source, as its samples name it. May be repeated. */
          "source"?: string | (string)[];
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
            "data": ({
              "recorded_at": string;
              "value": number;
              "min": number | null;
              "max": number | null;
            })[];
            /** In words. */
            "message"?: string;
            "pagination": components["schemas"]["CursorPagination"];
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
          "application/x-ndjson": string;
          "text/csv": string;
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
  "/api/v1/workouts/{id}/route": {
    /** Where a workout went, as GeoJSON or GPX. */
    get: {
      parameters: {
        path: {
          "id": string;
        };
        query?: {
          /** Goes before what Accept asks for */
          "format"?: "geojson" | "gpx";
        };
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/geo+json": {
            "type": "Feature";
            "id": string;
            "geometry": {
              "type": "LineString";
              /** Longitude, latitude (degrees) and altitude (metres; 0 where unknown) */
              "coordinates": ((number)[])[];
            };
            "properties": {
              "workout_id": string;
              "name": string;
              "activity": string | null;
              "source": string;
              "started_at": string;
              "ended_at": string | null;
              "length_m": number;
              "coordinateProperties": {
                "times": (string | null)[];
                /** Metres a second; null: not measured */
                "speeds": (number | null)[];
                /** Degrees from north; null: not measured */
                "courses": (number | null)[];
                /** Metres; null: not measured */
                "horizontal_accuracies": (number | null)[];
                /** Metres; null: not measured */
                "vertical_accuracies": (number | null)[];
                /** Metres a second; null: not measured */
                "speed_accuracies": (number | null)[];
                /** Degrees; null: not measured */
                "course_accuracies": (number | null)[];
              };
            };
          };
          "application/gpx+xml": string;
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
  "/api/v1/routes": {
    /** Routes, all or those that touch a box or the surroundings of a point. Oldest first. */
    get: {
      parameters: {
        path?: never;
        query?: {
          "bbox"?: string;
          "near"?: string;
          "within"?: number;
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
            "data": ({
              "workout_id": string;
              "activity": string | null;
              "name": string;
              "started_at": string;
              "points": number;
              /** Metres along the way, on a sphere: right to half a percent */
              "length_m": number;
              /** West, south, east, north; west is the larger across the antimeridian */
              "bbox": (number)[];
            })[];
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
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/ecg": {
    /** Electrocardiograms without their voltages, oldest first. */
    get: {
      parameters: {
        path?: never;
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
            "data": ({
              "id": string;
              "started_at": string;
              "ended_at": string | null;
              /** As the app wrote it */
              "classification": string | null;
              /** What that means, where it is known */
              "class": string | null;
              /** Beats a minute */
              "average_heart_rate": number | null;
              /** Hz */
              "sampling_frequency": number | null;
              /** How many voltages the app said there are */
              "announced": number | null;
              /** How many there were */
              "points": number;
              "source": string;
            })[];
            /** In words. */
            "message"?: string;
            "pagination": components["schemas"]["CursorPagination"];
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
          "application/x-ndjson": string;
          "text/csv": string;
        }>;
        304: Answer<never>;
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/ecg/{id}": {
    /** One electrocardiogram with its voltages; as CSV or NDJSON one row for each of them. */
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
            "data": {
              "id": string;
              "started_at": string;
              "ended_at": string | null;
              /** As the app wrote it */
              "classification": string | null;
              /** What that means, where it is known */
              "class": string | null;
              /** Beats a minute */
              "average_heart_rate": number | null;
              /** Hz */
              "sampling_frequency": number | null;
              /** How many voltages the app said there are */
              "announced": number | null;
              /** How many there were */
              "points": number;
              "source": string;
              /** All else, as the app sent it */
              "attributes": {
                [name: string]: unknown;
              };
              /** Microvolt, evenly spaced from the start on */
              "voltages": (number)[];
            };
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
          "application/x-ndjson": string;
          "text/csv": string;
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
  "/api/v1/events": {
    /** Symptoms, doses, states of mind, notifications and entries of the cycle, oldest first. */
    get: {
      parameters: {
        path?: never;
        query?: {
          "kind"?: "symptom" | "medication" | "state_of_mind" | "heart_rate_notification" | "cycle_tracking" | "sexual_activity";
          "code"?: string;
          "name"?: string;
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
            "data": ({
              "id": string;
              "kind": "symptom" | "medication" | "state_of_mind" | "heart_rate_notification" | "cycle_tracking" | "sexual_activity";
              "started_at": string;
              "ended_at": string | null;
              /** As the app wrote it */
              "name": string;
              /** What the name means, where it is known */
              "code": string | null;
              /** As the app wrote it */
              "value": string | null;
              /** What the value means, where it is known */
              "value_code": string | null;
              /** Dose, threshold, valence or count */
              "quantity": number | null;
              "source": string;
              /** All else; JSON text in CSV */
              "attributes": {
                [name: string]: unknown;
              };
            })[];
            /** In words. */
            "message"?: string;
            "pagination": components["schemas"]["CursorPagination"];
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
          "application/x-ndjson": string;
          "text/csv": string;
        }>;
        304: Answer<never>;
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/events/{id}": {
    /** One event. */
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
            "data": {
              "id": string;
              "kind": "symptom" | "medication" | "state_of_mind" | "heart_rate_notification" | "cycle_tracking" | "sexual_activity";
              "started_at": string;
              "ended_at": string | null;
              /** As the app wrote it */
              "name": string;
              /** What the name means, where it is known */
              "code": string | null;
              /** As the app wrote it */
              "value": string | null;
              /** What the value means, where it is known */
              "value_code": string | null;
              /** Dose, threshold, valence or count */
              "quantity": number | null;
              "source": string;
              /** All else; JSON text in CSV */
              "attributes": {
                [name: string]: unknown;
              };
            };
            /** In words. */
            "message"?: string;
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
  "/api/v1/preferences": {
    /** How the person wants days, weeks and units. */
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
            "data": {
              /** IANA time zone; the days of all questions are its days */
              "time_zone": string;
              "week_start": "monday" | "saturday" | "sunday";
              /** For units that values are stored in, the unit to show */
              "units": {
                [name: string]: string;
              };
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
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
    /** Changes some of it. Another time zone recomputes all days of the person. */
    patch: {
      parameters: {
        path?: never;
        query?: never;
        header?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            "time_zone"?: string;
            "week_start"?: "monday" | "saturday" | "sunday";
            "units"?: {
              [name: string]: string | null;
            };
          };
        };
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": {
              /** IANA time zone; the days of all questions are its days */
              "time_zone": string;
              "week_start": "monday" | "saturday" | "sunday";
              /** For units that values are stored in, the unit to show */
              "units": {
                [name: string]: string;
              };
            };
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        400: Refusal<"invalid_json" | "invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        413: Refusal<"body_too_large">;
        429: Refusal<"zone_changes_exceeded" | "quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/preferences/sources": {
    /** Who measured what, and whose numbers count first. */
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
            "data": {
              "lists": ({
                "scope": "metric" | "category";
                "name": string;
                /** The first counts before the second, all before the rest */
                "ranked": (string)[];
                /** Never count */
                "excluded": (string)[];
              })[];
              "metrics": ({
                "metric": string;
                "category": string;
                /** Which list holds; null: none does */
                "decided_by": "metric" | "category" | null;
                "sources": ({
                  /** Of one device or app, or of several joined by |, sorted */
                  "source": string;
                  /** As the app has written it */
                  "display_names": (string)[];
                  /** 1 counts first; null: after all that are named */
                  "rank": number | null;
                  "excluded": boolean;
                })[];
              })[];
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
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/preferences/sources/{scope}/{name}": {
    /** Ranks the sources of a metric, or of all metrics of a category without a list of their own. */
    put: {
      parameters: {
        path: {
          "scope": "metric" | "category";
          "name": string;
        };
        query?: never;
        header?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            "ranked": (string)[];
            "excluded"?: (string)[];
          };
        };
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": {
              "scope": "metric" | "category";
              "name": string;
              /** The first counts before the second, all before the rest */
              "ranked": (string)[];
              /** Never count */
              "excluded": (string)[];
            };
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
        413: Refusal<"body_too_large">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
    /** Takes such a list back. */
    delete: {
      parameters: {
        path: {
          "scope": "metric" | "category";
          "name": string;
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
              "scope": "metric" | "category";
              "name": string;
              "deleted": true;
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
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/goals": {
    /** All goals of the person, oldest first. */
    get: {
      parameters: {
        path?: never;
        query?: {
          /** `canonical`: as values are stored, whatever the person prefers to see */
          "units"?: "preferred" | "canonical";
          "metric"?: string;
        };
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": ({
              "id": string;
              "metric": string;
              /** Of the samples; of the days, where a day is one number */
              "agg": "sum" | "avg" | "min" | "max" | "last";
              "period": "day" | "week" | "month";
              "direction": "at_least" | "at_most";
              /** The last one set */
              "target": number;
              /** Of all targets and values here */
              "unit": string;
              "starts_on": string;
              /** The last day that counts; null: it goes on */
              "ends_on": string | null;
              /** Oldest first; each holds until the next one starts */
              "targets": ({
                "starts_on": string;
                "target": number;
              })[];
            })[];
            /** In words. */
            "message"?: string;
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
    /** Sets a goal: of a metric, for each day, week or month. */
    post: {
      parameters: {
        path?: never;
        query?: {
          /** `canonical`: as values are stored, whatever the person prefers to see */
          "units"?: "preferred" | "canonical";
        };
        header?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            "metric": string;
            /** `sum` for what adds up, else `avg` */
            "agg"?: "sum" | "avg" | "min" | "max" | "last";
            "period"?: "day" | "week" | "month";
            "direction"?: "at_least" | "at_most";
            /** In the unit that the answer shows, unless `unit` names another */
            "target": number;
            "unit"?: string;
            /** Today, where none is given */
            "starts_on"?: string;
            "ends_on"?: string | null;
          };
        };
      };
      responses: {
        201: Answer<{
          "application/json": {
            "success": true;
            "data": {
              "id": string;
              "metric": string;
              /** Of the samples; of the days, where a day is one number */
              "agg": "sum" | "avg" | "min" | "max" | "last";
              "period": "day" | "week" | "month";
              "direction": "at_least" | "at_most";
              /** The last one set */
              "target": number;
              /** Of all targets and values here */
              "unit": string;
              "starts_on": string;
              /** The last day that counts; null: it goes on */
              "ends_on": string | null;
              /** Oldest first; each holds until the next one starts */
              "targets": ({
                "starts_on": string;
                "target": number;
              })[];
            };
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        400: Refusal<"invalid_json" | "invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        413: Refusal<"body_too_large">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/goals/{id}": {
    /** One goal, with all targets it has had. */
    get: {
      parameters: {
        path: {
          "id": string;
        };
        query?: {
          /** `canonical`: as values are stored, whatever the person prefers to see */
          "units"?: "preferred" | "canonical";
        };
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": {
              "id": string;
              "metric": string;
              /** Of the samples; of the days, where a day is one number */
              "agg": "sum" | "avg" | "min" | "max" | "last";
              "period": "day" | "week" | "month";
              "direction": "at_least" | "at_most";
              /** The last one set */
              "target": number;
              /** Of all targets and values here */
              "unit": string;
              "starts_on": string;
              /** The last day that counts; null: it goes on */
              "ends_on": string | null;
              /** Oldest first; each holds until the next one starts */
              "targets": ({
                "starts_on": string;
                "target": number;
              })[];
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
        503: Refusal<"database_unavailable">;
      };
    };
    /** Sets another target from today on, or another end. Past days keep the target of their time. */
    patch: {
      parameters: {
        path: {
          "id": string;
        };
        query?: {
          /** `canonical`: as values are stored, whatever the person prefers to see */
          "units"?: "preferred" | "canonical";
        };
        header?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** In the unit that the answer shows, unless `unit` names another */
            "target"?: number;
            "unit"?: string;
            "ends_on"?: string | null;
          };
        };
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": {
              "id": string;
              "metric": string;
              /** Of the samples; of the days, where a day is one number */
              "agg": "sum" | "avg" | "min" | "max" | "last";
              "period": "day" | "week" | "month";
              "direction": "at_least" | "at_most";
              /** The last one set */
              "target": number;
              /** Of all targets and values here */
              "unit": string;
              "starts_on": string;
              /** The last day that counts; null: it goes on */
              "ends_on": string | null;
              /** Oldest first; each holds until the next one starts */
              "targets": ({
                "starts_on": string;
                "target": number;
              })[];
            };
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
        413: Refusal<"body_too_large">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
    /** Deletes a goal with its history. To keep that, give it an end. */
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
              "deleted": true;
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
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/goals/{id}/progress": {
    /** Period by period what was reached, each judged by the target of its time; and streaks. */
    get: {
      parameters: {
        path: {
          "id": string;
        };
        query?: {
          /** The first day of the goal, where none is given */
          "from"?: string;
          /** Today, where none is given */
          "to"?: string;
          /** `canonical`: as values are stored, whatever the person prefers to see */
          "units"?: "preferred" | "canonical";
        };
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": {
              "goal_id": string;
              "metric": string;
              "unit": string;
              "from": string | null;
              "to": string | null;
              /** Periods one after the other that reached the target, up to `to` */
              "current_streak": number;
              "longest_streak": number;
              /** 0 to 1, of the periods that can be judged */
              "share_reached": number | null;
              /** Oldest first */
              "periods": ({
                /** First day */
                "start": string;
                /** Last day */
                "end": string;
                /** null: no data */
                "value": number | null;
                /** That of its last day */
                "target": number;
                /** null: nothing can be said */
                "reached": boolean | null;
                /** Not over yet: `reached` is how it stands */
                "running": boolean;
              })[];
            };
            /** In words. */
            "message"?: string;
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
  "/api/v1/summary": {
    /** One day, all that there is of it, against the 30 days before. */
    get: {
      parameters: {
        path?: never;
        query?: {
          /** Without it, today */
          "date"?: string;
          /** Whose days are meant. Without it, those of the person. */
          "tz"?: string;
          /** `canonical`: as values are stored, whatever the person prefers to see */
          "units"?: "preferred" | "canonical";
        };
        header?: never;
        cookie?: never;
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": {
              "day": string;
              "metrics": ({
                "metric": string;
                "title": string;
                "category": string;
                "agg": "sum" | "avg";
                "value": number | null;
                "unit": string;
                /** Of the days with data among the 30 before */
                "mean": number | null;
                /** How many of them there are */
                "days": number;
                /** The day against the mean */
                "change_percent": number | null;
              })[];
              "sleep": {
                /** The night that counts, of which this is the day of waking */
                "night": {
                  "id": string;
                  /** Local day of waking */
                  "day": string;
                  /** Falling asleep */
                  "began_at": string | null;
                  /** Waking */
                  "ended_at": string;
                  "in_bed_from": string | null;
                  "in_bed_until": string | null;
                  "hours": {
                    /** Hours asleep, in all stages */
                    "total": number;
                    /** Hours of core sleep */
                    "core": number | null;
                    /** Hours of deep sleep */
                    "deep": number | null;
                    /** Hours of REM sleep */
                    "rem": number | null;
                    /** Hours asleep in no particular stage; in old versions of the app all of them */
                    "asleep": number | null;
                    /** Hours awake in between */
                    "awake": number | null;
                    /** Hours in bed */
                    "in_bed": number | null;
                  };
                  /** Share of the time in bed that was sleep, 0 to 1 */
                  "efficiency": number | null;
                  /** From lying down to falling asleep; null where the app does not tell these apart */
                  "latency_minutes": number | null;
                  "source": string;
                  /** False: more sleep than time between beginning and end */
                  "plausible": boolean;
                  /** Does not run beside the night that counts */
                  "is_nap": boolean;
                  /** The one night of its day that counts among several sources */
                  "counts": boolean;
                } | null;
                "naps": number;
                "hours": number | null;
                /** Of the days with data among the 30 before */
                "mean": number | null;
                /** How many of them there are */
                "days": number;
                /** The day against the mean */
                "change_percent": number | null;
              };
              "workouts": {
                "count": number;
                "minutes": number;
                /** Minutes a day, over all 30 days before */
                "mean": number;
              };
              "records": ({
                /** `ecg`, or a kind of event */
                "kind": string;
                "count": number;
                /** A day, over all 30 days before */
                "mean": number;
              })[];
            };
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        304: Answer<never>;
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/coverage": {
    /** Which days of each metric are complete, thin or missing, and what to export again. */
    get: {
      parameters: {
        path?: never;
        query?: {
          /** 90 days before the end, where none is given */
          "from"?: string;
          /** Today, where none is given */
          "to"?: string;
          /** Names, separated by commas; else all */
          "metrics"?: string;
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
            "data": {
              "from": string | null;
              "to": string | null;
              "metrics": ({
                "metric": string;
                /** Whether it comes every day; null: too few to tell */
                "daily": boolean | null;
                /** The first day that has data */
                "first": string | null;
                "complete_days": number;
                "thin_days": number;
                "missing_days": number;
                /** Oldest first, without gaps, from the first day that has data on */
                "ranges": ({
                  /** thin: fewer than 40 % of the samples that days around it have; not_expected: without data, as is usual for this metric */
                  "state": "complete" | "thin" | "missing" | "not_expected";
                  "from": string;
                  "to": string;
                  "days": number;
                  "re_export": {
                    "from": string;
                    "to": string;
                    /** Opens the app and sets up an automation that posts here */
                    "link": string;
                    /** Whether a period of the app holds these days; else export them by hand */
                    "link_covers": boolean;
                  } | null;
                })[];
              })[];
            };
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
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/stats": {
    /** What the person has, in numbers: samples, days, records, uploads, sizes. */
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
            "data": {
              "samples": {
                /** As far as they count: not twice where two sources measured the same */
                "total": number;
                "metrics": ({
                  "metric": string;
                  "samples": number;
                  /** Days that have data */
                  "days": number;
                  /** Day */
                  "first": string;
                  /** Day */
                  "last": string;
                })[];
                /** Metrics whose days are being made anew; not among those above */
                "counted_anew": (string)[];
              };
              "days_with_data": number;
              "records": {
                "nights": number;
                "workouts": number;
                "ecg": number;
                "blood_pressure": number;
                /** By kind */
                "events": {
                  [name: string]: number;
                };
              };
              "uploads": {
                "total": number;
                "stored": number;
                "stored_with_issues": number;
                "failed": number;
                /** Still on their way */
                "open": number;
                "last_at": string | null;
              };
              /** Bodies as they are kept; a replay adds none */
              "archived_bytes": number;
              "sources": (string)[];
              /** What the rows take in the database, about */
              "estimated_bytes": number;
            };
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        304: Answer<never>;
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/exports": {
    /** Begins an export of everything, or of a span of time. */
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
            "from"?: string | null;
            "to"?: string | null;
            "include_raw"?: boolean;
          };
        };
      };
      responses: {
        202: Answer<{
          "application/json": {
            "success": true;
            "data": {
              "id": string;
              "status": "running" | "done" | "failed" | "expired";
              /** What happened from then on; null from the first. */
              "from": string | null;
              /** What happened before then; null up to the last. */
              "to": string | null;
              /** Whether the bodies are in it, as they were received. */
              "include_raw": boolean;
              "created_at": string;
              "finished_at": string | null;
              /** When the zip will be removed. */
              "expires_at": string | null;
              /** How far it has come. */
              "steps": {
                "total": number;
                "done": number;
              };
              /** Files in the zip so far. */
              "files": number;
              /** Size of the zip so far. */
              "bytes": number;
              /** Of the zip, once it is done. */
              "sha256": string | null;
              "failure": string | null;
            };
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        400: Refusal<"invalid_json" | "invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        409: Refusal<"export_running" | "exports_full">;
        413: Refusal<"body_too_large">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
    /** The last 50 exports, newest first. */
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
            "data": ({
              "id": string;
              "status": "running" | "done" | "failed" | "expired";
              /** What happened from then on; null from the first. */
              "from": string | null;
              /** What happened before then; null up to the last. */
              "to": string | null;
              /** Whether the bodies are in it, as they were received. */
              "include_raw": boolean;
              "created_at": string;
              "finished_at": string | null;
              /** When the zip will be removed. */
              "expires_at": string | null;
              /** How far it has come. */
              "steps": {
                "total": number;
                "done": number;
              };
              /** Files in the zip so far. */
              "files": number;
              /** Size of the zip so far. */
              "bytes": number;
              /** Of the zip, once it is done. */
              "sha256": string | null;
              "failure": string | null;
            })[];
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        304: Answer<never>;
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"database_unavailable">;
      };
    };
  };
  "/api/v1/exports/{id}": {
    /** How far an export has come, and what is known of its zip. */
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
            "data": {
              "id": string;
              "status": "running" | "done" | "failed" | "expired";
              /** What happened from then on; null from the first. */
              "from": string | null;
              /** What happened before then; null up to the last. */
              "to": string | null;
              /** Whether the bodies are in it, as they were received. */
              "include_raw": boolean;
              "created_at": string;
              "finished_at": string | null;
              /** When the zip will be removed. */
              "expires_at": string | null;
              /** How far it has come. */
              "steps": {
                "total": number;
                "done": number;
              };
              /** Files in the zip so far. */
              "files": number;
              /** Size of the zip so far. */
              "bytes": number;
              /** Of the zip, once it is done. */
              "sha256": string | null;
              "failure": string | null;
            };
            /** In words. */
            "message"?: string;
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
    /** Removes an export: one that is done, or one that is still being made. */
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
              "removed": true;
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
        503: Refusal<"storage_unavailable" | "database_unavailable">;
      };
    };
  };
  "/api/v1/exports/{id}/download": {
    /** The zip of an export. A download that was cut off goes on with `Range` and `If-Range`. */
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
          "application/zip": string;
        }>;
        206: Answer<{
          "application/zip": string;
        }>;
        304: Answer<never>;
        400: Refusal<"invalid_parameter">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        404: Refusal<"not_found">;
        409: Refusal<"export_not_ready">;
        410: Refusal<"export_expired">;
        416: Refusal<"range_not_satisfiable">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"storage_unavailable" | "database_unavailable">;
      };
    };
  };
  "/api/v1/me": {
    /** Erases the person of the key, in two calls: the first says what would go and gives `confirm`, the second does it. */
    delete: {
      parameters: {
        path?: never;
        query?: never;
        header?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            "confirm"?: string | null;
          };
        };
      };
      responses: {
        200: Answer<{
          "application/json": {
            "success": true;
            "data": {
              /** Send it back within ten minutes, with the same key. */
              "confirm": string;
              "expires_at": string;
              "will_erase": {
                "rows": {
                  [name: string]: number;
                };
                "objects": {
                  [name: string]: number;
                };
              };
              /** What an erasure leaves, none of it a health value or a name, and for how long. */
              "kept": ({
                "what": string;
                "kept_for": string;
              })[];
            } | {
              /** Whoever knows it may read this receipt: the keys are gone. */
              "id": string;
              "status": "running" | "done";
              "began_at": string;
              "finished_at": string | null;
              /** Rows, table by table. */
              "erased": {
                [name: string]: number;
              };
              /** Objects of the archive, by prefix. */
              "objects": {
                [name: string]: number;
              };
              "cache_entries": number;
              /** What a last look found: nothing, hence {}. */
              "remaining": {
                [name: string]: number;
              } | null;
              /** What an erasure leaves, none of it a health value or a name, and for how long. */
              "kept": ({
                "what": string;
                "kept_for": string;
              })[];
            };
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        202: Answer<{
          "application/json": {
            "success": true;
            "data": {
              /** Send it back within ten minutes, with the same key. */
              "confirm": string;
              "expires_at": string;
              "will_erase": {
                "rows": {
                  [name: string]: number;
                };
                "objects": {
                  [name: string]: number;
                };
              };
              /** What an erasure leaves, none of it a health value or a name, and for how long. */
              "kept": ({
                "what": string;
                "kept_for": string;
              })[];
            } | {
              /** Whoever knows it may read this receipt: the keys are gone. */
              "id": string;
              "status": "running" | "done";
              "began_at": string;
              "finished_at": string | null;
              /** Rows, table by table. */
              "erased": {
                [name: string]: number;
              };
              /** Objects of the archive, by prefix. */
              "objects": {
                [name: string]: number;
              };
              "cache_entries": number;
              /** What a last look found: nothing, hence {}. */
              "remaining": {
                [name: string]: number;
              } | null;
              /** What an erasure leaves, none of it a health value or a name, and for how long. */
              "kept": ({
                "what": string;
                "kept_for": string;
              })[];
            };
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        400: Refusal<"invalid_json" | "invalid_parameter" | "confirmation_invalid">;
        401: Refusal<"key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired">;
        403: Refusal<"scope_missing">;
        413: Refusal<"body_too_large">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"storage_unavailable" | "database_unavailable">;
      };
    };
  };
  "/api/v1/erasures/{id}": {
    /** The receipt of an erasure: counts, and nothing of the person. Its id is its key. */
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
            "data": {
              /** Whoever knows it may read this receipt: the keys are gone. */
              "id": string;
              "status": "running" | "done";
              "began_at": string;
              "finished_at": string | null;
              /** Rows, table by table. */
              "erased": {
                [name: string]: number;
              };
              /** Objects of the archive, by prefix. */
              "objects": {
                [name: string]: number;
              };
              "cache_entries": number;
              /** What a last look found: nothing, hence {}. */
              "remaining": {
                [name: string]: number;
              } | null;
              /** What an erasure leaves, none of it a health value or a name, and for how long. */
              "kept": ({
                "what": string;
                "kept_for": string;
              })[];
            };
            /** In words. */
            "message"?: string;
            "correlation_id": components["schemas"]["CorrelationId"];
            "timestamp": components["schemas"]["Timestamp"];
          };
        }>;
        400: Refusal<"invalid_parameter">;
        404: Refusal<"not_found">;
        429: Refusal<"too_many_requests">;
        500: Refusal<"internal_error">;
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
            /** Of a person who is new; else UTC. */
            "time_zone"?: string | null;
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
        413: Refusal<"body_too_large">;
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
        413: Refusal<"body_too_large">;
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
            /** `archive.next_cursor` of the answer before: where the archive is looked at next. */
            "cursor"?: string | null;
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
        404: Refusal<"not_found">;
        413: Refusal<"body_too_large">;
        429: Refusal<"quota_exceeded" | "too_many_attempts">;
        500: Refusal<"internal_error">;
        503: Refusal<"storage_unavailable" | "database_unavailable">;
      };
    };
  };
  "/api/v1/admin/audit": {
    /** Every use of a key that changed something, newest first. Uploads are not among them: each has a receipt. */
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
        429: Refusal<"too_many_requests">;
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
        429: Refusal<"too_many_requests">;
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
        429: Refusal<"too_many_requests">;
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
        429: Refusal<"too_many_requests">;
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
        429: Refusal<"too_many_requests">;
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
        429: Refusal<"too_many_requests">;
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
        429: Refusal<"too_many_requests">;
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
        400: Refusal<"invalid_parameter">;
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
  "/": {
    /** A page of words: what this server is, and where to go on. */
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
        429: Refusal<"too_many_requests">;
        500: Refusal<"internal_error">;
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
        429: Refusal<"too_many_requests">;
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
        429: Refusal<"too_many_requests">;
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
        429: Refusal<"too_many_requests">;
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
        429: Refusal<"too_many_requests">;
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
        429: Refusal<"too_many_requests">;
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
      /** Path and query of the next page, as in the header `Link`. */
      "next": string | null;
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
      "error": "invalid_json" | "no_payload" | "invalid_gzip" | "invalid_zip" | "invalid_multipart" | "invalid_parameter" | "confirmation_invalid" | "key_missing" | "key_malformed" | "key_invalid" | "key_revoked" | "key_expired" | "scope_missing" | "not_found" | "method_not_allowed" | "export_running" | "exports_full" | "export_not_ready" | "body_gone" | "export_expired" | "body_too_large" | "dry_run_too_long" | "expansion_refused" | "foreign_export" | "encoding_not_supported" | "range_not_satisfiable" | "idempotency_key_reused" | "zone_changes_exceeded" | "dry_run_busy" | "quota_exceeded" | "too_many_requests" | "too_many_attempts" | "client_gone" | "internal_error" | "storage_unavailable" | "database_unavailable" | "cache_unavailable";
      /** How many things are wrong; the first ones are named. */
      "errors_total"?: number;
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
      /** The first hundred. Of one upload 1,000 are kept at most, 20 of a metric or section and code; a dry run shows any of them. */
      "issues": ({
        /** JSON pointer into the body. */
        "pointer": string;
        "code": string;
        "message": string;
      })[];
      /** All there were, kept or not. */
      "issues_total": number;
      /** The same by code. */
      "issues_by_code": {
        [name: string]: number;
      };
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
      /** null: the installation, which is no person. */
      "person": string | null;
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
      /** null: the installation, which is no person. */
      "person": string | null;
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
      /** What became of uploads whose person could not be looked up when they came. */
      "held": {
        "taken": number;
        "failed": number;
        "refused": number;
        "deleted": number;
        "left": number;
      };
      /** What became of archived bodies that no receipt knew. */
      "archive": {
        "bodies": number;
        "adopted": number;
        "rejected": number;
        "left": number;
        /** A call lists the archive 500 times and adopts 50 bodies or 100 MB: send it back as `cursor` to go on. */
        "next_cursor": string | null;
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
      /** Totals of days: how many the last check found wrong, how many metrics are made anew. */
      "totals": {
        "differing": number;
        "metrics_waiting": number;
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
