/** What a simulation of maintenance tells. Apart from it, for the types of Workers and of Node do not go together. */

export interface TaskCost {
  task: string;
  steps: number;
  /** Of all steps: requests to R2, the database, Redis and the queue. */
  requests: number;
  /** Of the step that took most. */
  maxRequests: number;
  maxSeconds: number;
}

export interface SimulatedWorld {
  databaseUrl: string;
  neonEndpoint: string;
  /** Keys of raw objects, hour by hour, in their order. */
  rawKeys: ReadonlyMap<string, readonly string[]>;
}

export type Simulate = (world: SimulatedWorld) => Promise<TaskCost[]>;
