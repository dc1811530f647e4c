/**
 * What a frame costs against what it may cost. A frame needs five kinds of work; planning is done once for all steps of
 * a plan and painting for all its frames at once, so that each frame bears its share. In auto mode the page chooses, at
 * every new plan, the most renderer steps with which a frame still fits the budget, taking painting to cost as much
 * again for each step, and asks for more only where there is clear room, so that it does not swing.
 */
import { RENDERER_STEPS, type RendererSteps } from '../shared/protocol/control.ts';
import type { PageState } from './pageState.ts';

/** Frames a second that a budget may be for. */
export const FRAME_RATES = [30, 60] as const;

export interface Budget {
  readonly fps: (typeof FRAME_RATES)[number];
  /** Whether the page chooses the renderer steps. */
  readonly auto: boolean;
}

export const defaultBudget: Budget = { fps: 30, auto: false };

/** Share of the budget that a greater number of steps may take by estimate. */
const ROOM = 0.85;

/** Milliseconds that a frame may take. */
export function budgetMs({ fps }: Pick<Budget, 'fps'>): number {
  return 1000 / fps;
}

/** The work that a frame needs, in the order in which it is done. */
export const PARTS = ['sim', 'plan', 'render', 'send', 'draw'] as const;
export type FrameParts = Readonly<Record<(typeof PARTS)[number], number>>;

/** What one frame takes, in milliseconds; unknown until the server has measured and a plan was made. */
export function frameParts({ stats, plan, drawMs }: PageState): FrameParts | undefined {
  if (stats === undefined || plan === undefined) return undefined;
  return {
    sim: stats.simMs,
    plan: plan.planMs / plan.horizon,
    render: plan.renderMs / plan.horizon,
    send: stats.sendMs,
    draw: drawMs ?? 0,
  };
}

export function totalMs(parts: FrameParts): number {
  return PARTS.reduce((sum, part) => sum + parts[part], 0);
}

/** Widths of the parts and place of the budget, as shares of a bar that holds whichever is longer. */
export function barLayout(
  parts: FrameParts,
  budget: number,
): { readonly widths: FrameParts; readonly budget: number; readonly total: number } {
  const total = totalMs(parts);
  const scale = Math.max(total, budget * 1.25);
  const { sim, plan, render, send, draw } = parts;
  const widths = {
    sim: sim / scale,
    plan: plan / scale,
    render: render / scale,
    send: send / scale,
    draw: draw / scale,
  };
  return { widths, budget: budget / scale, total };
}

/** Step counts that the agent of this episode, or of its dream, has; the server brings down what is asked beyond them. */
export function offeredSteps({
  episode,
  replayDream,
}: Pick<PageState, 'episode' | 'replayDream'>): readonly RendererSteps[] {
  const dreamt = replayDream?.state === 'shown' ? replayDream.stepCounts : undefined;
  return episode?.stepCounts ?? dreamt ?? RENDERER_STEPS;
}

/** The most of the `offered` steps with which a frame fits `budget`, given what it takes with `steps`; else the fewest. */
export function stepsWithin(
  parts: FrameParts,
  steps: number,
  budget: number,
  offered: readonly RendererSteps[] = RENDERER_STEPS,
): RendererSteps {
  const rest = totalMs(parts) - parts.render;
  const fitting = offered.filter((count) => {
    const estimate = rest + (parts.render / steps) * count;
    return estimate <= (count > steps ? ROOM * budget : budget);
  });
  return fitting.at(-1) ?? offered[0] ?? RENDERER_STEPS[0];
}
