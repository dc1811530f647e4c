/**
 * What it took to train a network of a renderer, as the training itself recorded it: for the agent's card, for the
 * checkpoint of a training in progress, and for the table of methods.
 */
import { z } from 'zod';

export const trainingCostSchema = z.object({
  /** Of training, interruptions not counted, on the machine that trained. */
  minutes: z.number().nonnegative(),
  /** Of the optimiser. */
  steps: z.number().int().nonnegative(),
  /** Answers of a network for one picture each, a teacher's among them; backward passes are not counted. */
  calls: z.number().int().nonnegative(),
});
export type TrainingCost = z.infer<typeof trainingCostSchema>;

/** By the name of a network; those that nobody recorded are not there. */
export const trainingCostsSchema = z.record(z.string(), trainingCostSchema);
export type TrainingCosts = Readonly<z.infer<typeof trainingCostsSchema>>;
