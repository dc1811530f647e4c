/**
 * The losses of runs, as far as the page has asked for them: of each run the lines, and the byte of its log from which to
 * ask next, so that nothing is sent twice.
 */
import { followedBy, type MetricsLine } from '../../shared/protocol/metrics.ts';
import type { TrainingMetrics, TrainingRuns } from './trainingRuns.ts';

interface Curve {
  readonly lines: readonly MetricsLine[];
  readonly next: number;
}

const NOTHING: Curve = { lines: [], next: 0 };

export class TrainingCurves {
  private readonly runs: Pick<TrainingRuns, 'metrics'>;
  private readonly curves = new Map<string, Curve>();

  constructor(runs: Pick<TrainingRuns, 'metrics'>) {
    this.runs = runs;
  }

  /** What is known of a run. */
  lines(id: string): readonly MetricsLine[] {
    return this.of(id).lines;
  }

  /**
   * Asks for what is not known yet; calls `came` after each part.
   * @throws TrainingTrouble when the server does not say
   */
  async catchUp(id: string, came: () => void): Promise<void> {
    let part: TrainingMetrics;
    do {
      const { lines, next } = this.of(id);
      part = await this.runs.metrics(id, next);
      if (part.next <= next) return;
      this.curves.set(id, { lines: followedBy(lines, part.lines), next: part.next });
      came();
    } while (part.more);
  }

  private of(id: string): Curve {
    return this.curves.get(id) ?? NOTHING;
  }
}
