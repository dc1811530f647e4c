/**
 * What the server and the process that trains say to each other: the job, by the command line; `stop`, by the channel
 * between them, whose end means the same, so that no training outlives its server; and back how far it is and how it
 * ended.
 */
import { z } from 'zod';

export const runJobSchema = z.object({
  /** Id of a world or path of a module. */
  world: z.string(),
  minutes: z.number().positive(),
  seed: z.number().int().nonnegative(),
  directory: z.string(),
  engine: z.string(),
  threads: z.number().int().positive(),
});
export type RunJob = z.infer<typeof runJobSchema>;

export const STOP = 'stop';

export const fromRunSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), stage: z.string(), progress: z.number() }),
  z.object({ kind: z.literal('finished') }),
  /** `message` is a sentence for the person who began it. */
  z.object({ kind: z.literal('failed'), message: z.string() }),
]);
export type FromRun = z.infer<typeof fromRunSchema>;
