/**
 * What the fake server's agent reads from its latents, and its lessons in it: of three quantities one is read well, one
 * less, and one never varies.
 */
import type { ServerMessageOf } from '../../shared/protocol/control.ts';
import { HORIZON, sceneAt } from './syntheticWorld.ts';

const EPISODES = 32;

/** The lesson after so many episodes; after the last the agent can read. */
export function lessonOf(done: number): ServerMessageOf<'lesson'> {
  const position = { unit: 'units', kind: 'position' } as const;
  const quantities = [
    { name: 'blockX', ...position, r2: 0.998 },
    { name: 'blockAngle', unit: 'rad', kind: 'angle' as const, r2: 0.87 },
    { name: 'postX', ...position },
  ];
  return { type: 'lesson', done, total: EPISODES, ...(done === EPISODES && { quantities }) };
}

/** Reads a little beside the truth, and foresees as the dream goes astray. */
export function readingAt(planStart: number, seed: number): NonNullable<ServerMessageOf<'plan'>['reading']> {
  const stateAt = (step: number, stray = 0): number[] => {
    const tee = sceneAt(step, seed, stray).find(({ name }) => name === 'tee');
    return [tee?.pose.x ?? 0, tee?.pose.angle ?? 0, 50];
  };
  const truth = stateAt(planStart);
  const foreseen = stateAt(planStart + HORIZON, HORIZON ** 2 / 40);
  return { truth, seen: truth.map((value) => value * 1.01), foreseen };
}
