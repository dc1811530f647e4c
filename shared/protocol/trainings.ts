/**
 * What the page and the server say of training by HTTP. `GET /trainings` lists the runs, `POST /trainings` begins one,
 * `POST /trainings/ID/stop` and `/resume` end it for now and take it up again, `GET /trainings/ID/metrics?from=N` gives
 * its losses from a byte of its log on, so that a page asks only for what it has not seen.
 */
import { z } from 'zod';
import { metricsLineSchema } from './metrics.ts';

/** The most minutes that a page may ask for: a night. */
export const MOST_MINUTES = 12 * 60;

export const trainingRequestSchema = z.object({
  world: z.string().min(1).max(100),
  minutes: z.number().positive().max(MOST_MINUTES),
  seed: z.number().int().nonnegative().max(0xffffffff),
});
export type TrainingRequest = z.infer<typeof trainingRequestSchema>;

/**
 * `running`: at work now. `stopped`: it can be resumed, whether a person stopped it or it was killed. `failed`: it
 * ended with the error that `message` tells; it can be resumed too. `finished`: its agent is ready.
 */
export const TRAINING_STATUSES = ['running', 'stopped', 'failed', 'finished'] as const;

export const trainingSummarySchema = z.object({
  /** By which the server knows it; the name of its folder. */
  id: z.string().min(1).max(200),
  world: z.string(),
  minutes: z.number().positive(),
  seed: z.number().int().nonnegative(),
  startedAt: z.string(),
  status: z.enum(TRAINING_STATUSES),
  /** Asked to stop, and saving its state. */
  stopping: z.boolean(),
  /** While it runs: what it is at, and the fraction of that which is done. */
  at: z.object({ stage: z.string(), progress: z.number().min(0).max(1) }).optional(),
  /** Why it failed, in a sentence. */
  message: z.string().optional(),
  /** How its agent is shown, once there is one: a command line. */
  command: z.string().optional(),
});
export type TrainingSummary = z.infer<typeof trainingSummarySchema>;

/** Newest first. */
export const trainingListSchema = z.object({ trainings: z.array(trainingSummarySchema) });

/** A run has begun, or gone on, or been asked to stop. */
export const trainingAcceptedSchema = z.object({ id: z.string().min(1).max(200) });

/** Lines of the log, and the byte from which to ask next. */
export const trainingMetricsSchema = z.object({
  lines: z.array(metricsLineSchema),
  next: z.number().int().nonnegative(),
  /** Whether there is more to be had at once. */
  more: z.boolean(),
});

/** Why something was not done, and what to do. */
export const trainingRefusedSchema = z.object({ message: z.string() });
