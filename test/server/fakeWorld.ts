/**
 * A world that is quick and plain to reason about: a dot on a line. Action [a] moves it by a, so that full speed ahead
 * reaches a goal `g` in exactly `g` steps.
 */
import { FRAME_BYTES, FRAME_SIZE } from '../../shared/frame.ts';
import type { Action } from '../../shared/space.ts';
import type { State, World, WorldDefinition, WorldSpec } from '../../shared/world.ts';

export interface FakeWorldOptions {
  readonly id?: string;
  /** Where the goal is; unreachable when it is beyond the budget. */
  readonly goal?: number;
  readonly budget?: number;
  /** Number of the step that throws. */
  readonly breaksAt?: number;
  readonly stepSeconds?: number;
}

export function fakeWorld({
  id = 'line',
  goal = 6,
  budget = 20,
  breaksAt,
  stepSeconds = 0.01,
}: FakeWorldOptions = {}): WorldDefinition {
  const spec: WorldSpec = {
    id,
    version: 1,
    title: `The ${id}`,
    description: 'A dot on a line.',
    action: { kind: 'box', low: [-1], high: [1] },
    arena: { width: 64, height: 64 },
    stepSeconds,
    subSteps: 1,
    budget,
    quantities: { x: { unit: 'units', kind: 'position' } },
    objects: [{ name: 'dot', color: '#ffffff' }],
    background: '#000000',
  };
  return { spec, create: () => createWorld(spec, goal, breaksAt) };
}

function createWorld(spec: WorldSpec, goal: number, breaksAt: number | undefined): World {
  let x = 0;
  let steps = 0;
  return {
    spec,
    reset() {
      x = 0;
      steps = 0;
    },
    step([move]: Action) {
      steps++;
      if (steps === breaksAt) throw new TypeError('the line is cut');
      x += move as number;
      return { terminated: false, truncated: steps >= spec.budget };
    },
    frame() {
      const frame = new Uint8Array(FRAME_BYTES);
      const column = Math.min(FRAME_SIZE - 1, Math.max(0, Math.round(x)));
      frame.fill(255, 3 * column, 3 * column + 3);
      return frame;
    },
    state: () => ({ x }),
    place(state: State) {
      x = state.x as number;
      steps = 0;
    },
    snapshot: () => ({ world: spec.id, x, steps }),
    restore(snapshot) {
      ({ x, steps } = snapshot as unknown as { x: number; steps: number });
    },
    task: (seed) => ({ seed, difficulty: 'default', start: { x: 0 }, goal: { x: goal }, budget: spec.budget }),
    achieved: (state, target) => Math.abs((state.x as number) - (target.x as number)) < 0.5,
    distance: (state, target) => Math.abs((state.x as number) - (target.x as number)),
    behaviour: () => ({ act: () => [1] }),
    scene: () => [
      { name: 'wall', color: '#808080', fixed: true, pose: { x: 32, y: 0, angle: 0 }, kind: 'polygon', vertices: [] },
      { name: 'dot', color: '#ffffff', fixed: false, pose: { x, y: 0, angle: 0 }, kind: 'circle', radius: 1 },
    ],
  };
}
