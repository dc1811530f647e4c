/**
 * Learning rates as functions of progress: a linear warm-up, then one value, or half a cosine down to a floor
 * (Loshchilov and Hutter 2016, arXiv 1608.03983). Progress is a fraction, so that a run bounded by time and one bounded
 * by steps share the schedule.
 */

export interface ScheduleConfig {
  /** The highest learning rate. */
  readonly peak: number;
  /** Steps of linear warm-up. */
  readonly warmupSteps: number;
  /** The last learning rate as a fraction of the peak. */
  readonly floor: number;
}

export const defaultScheduleConfig: ScheduleConfig = { peak: 1e-3, warmupSteps: 100, floor: 0 };

/**
 * The learning rate of one step.
 * @param step counted from 0
 * @param progress fraction of the run that is done; held within [0, 1]
 */
export function warmupCosine(step: number, progress: number, { peak, warmupSteps, floor }: ScheduleConfig): number {
  const done = Math.min(1, Math.max(0, progress));
  const cosine = floor + ((1 - floor) * (1 + Math.cos(Math.PI * done))) / 2;
  return cosine * warmupConstant(step, { peak, warmupSteps });
}

/** The learning rate of one step, counted from 0: the peak, once the warm-up is over. */
export function warmupConstant(step: number, { peak, warmupSteps }: Omit<ScheduleConfig, 'floor'>): number {
  return warmupSteps > 0 ? peak * Math.min(1, (step + 1) / warmupSteps) : peak;
}
