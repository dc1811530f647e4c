/**
 * The losses of a training run, a line about every second of training: as they lie in the run's directory, one JSON
 * document a line, and as the page draws them. A run that is resumed goes on from a checkpoint before its last line;
 * what it trains anew stands in for the lines of those steps.
 */
import { z } from 'zod';

export const metricsLineSchema = z.object({
  stage: z.string(),
  step: z.number().int().nonnegative(),
  /** Trained in this stage, interruptions not counted. */
  seconds: z.number().nonnegative(),
  /** Loss terms by name, averaged over the last steps; `null` where a term was not finite. */
  terms: z.record(z.string(), z.number().nullable()),
  /** What is wrong with what was learned so far, in words. */
  warning: z.string().optional(),
});
export type MetricsLine = z.infer<typeof metricsLineSchema>;

/** The lines so far and those written after them, in order, each step of a stage once. */
export function followedBy(lines: readonly MetricsLine[], written: readonly MetricsLine[]): MetricsLine[] {
  let kept = [...lines];
  for (const line of written) {
    const previous = kept.at(-1);
    if (previous && (previous.stage !== line.stage || previous.step >= line.step))
      kept = kept.filter(({ stage, step }) => stage !== line.stage || step < line.step);
    kept.push(line);
  }
  return kept;
}
