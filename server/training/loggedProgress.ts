/** What becomes of the progress of a training: it is shown, its losses are logged, and what goes wrong is said in time. */
import type { AgentTraining } from './agentTraining.ts';
import { learningWarning } from './learningWarning.ts';
import type { MetricsLog } from './metricsLog.ts';

export interface ProgressTold {
  readonly onProgress: AgentTraining['onProgress'];
  /** Told once for each stage that learns nothing what is wrong with it. */
  readonly onWarning?: (warning: string) => void;
}

/** Tells others of every progress, and logs that of training. */
export function loggedProgress(
  log: Pick<MetricsLog, 'add'>,
  { onProgress, onWarning }: ProgressTold,
): AgentTraining['onProgress'] {
  const warned = new Set<string>();
  return (stage, progress, terms, at) => {
    onProgress(stage, progress, terms, at);
    if (at === undefined) return;
    const warning = learningWarning(stage, progress, terms);
    log.add({ stage, step: at.step, seconds: at.elapsed / 1000, terms, ...(warning && { warning }) });
    if (warning === undefined || warned.has(stage)) return;
    warned.add(stage);
    onWarning?.(warning);
  };
}
