/**
 * What the page and the server say of recordings by HTTP: the list, and the answer to a file that was opened. The files
 * themselves travel as they lie on the disk (docs/recordings.md).
 */
import { z } from 'zod';

export const recordingSummarySchema = z.object({
  /** By which the server knows it. */
  id: z.string().min(1).max(300),
  world: z.string(),
  steps: z.number().int().nonnegative(),
  /** Simulated. */
  seconds: z.number().nonnegative(),
  createdAt: z.string(),
  bytes: z.number().int().nonnegative(),
  /** Who acted: script, random, agent, oracle, or human where a person chose even one step. */
  actor: z.string(),
});
export type RecordingSummary = z.infer<typeof recordingSummarySchema>;

export const recordingListSchema = z.object({ recordings: z.array(recordingSummarySchema) });

/** A file has been kept under this id. */
export const recordingKeptSchema = z.object({ id: z.string().min(1).max(300) });

/** Why something was not done, and what to do. */
export const recordingRefusedSchema = z.object({ message: z.string() });
