/**
 * A world whose numbers are awkward: a dot that drifts by a sine, so that its states use all their bits. It has a
 * hidden velocity, a factor, and can be made to behave otherwise than it says.
 */
import { WorldError } from '../../shared/errors.ts';
import { completeVariation, type Variation } from '../../shared/factors.ts';
import { FRAME_BYTES } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import { type Action, contains } from '../../shared/space.ts';
import type { Snapshot, State, World, WorldDefinition, WorldSpec } from '../../shared/world.ts';

export interface DriftOptions {
  readonly id?: string;
  readonly version?: number;
  readonly budget?: number;
  /** Step from which the world does something else than usual. */
  readonly driftsFrom?: number;
  /** Position beyond which the episode is terminated. */
  readonly edge?: number;
}

interface Moment {
  readonly x: number;
  readonly velocity: number;
  readonly steps: number;
}

export function driftWorld(options: DriftOptions = {}): WorldDefinition {
  const { id = 'drift', version = 1, budget = 60 } = options;
  const spec: WorldSpec = {
    id,
    version,
    title: 'Drift',
    description: 'A dot that drifts.',
    action: { kind: 'box', low: [-1], high: [1] },
    arena: { width: 64, height: 64 },
    stepSeconds: 0.1,
    subSteps: 1,
    budget,
    quantities: {
      x: { unit: 'units', kind: 'position' },
      velocity: { unit: 'units/step', kind: 'velocity' },
      'minus zero': { unit: '', kind: 'other' },
    },
    objects: [{ name: 'dot', color: '#ff0000' }],
    background: '#ffffff',
    factors: { gain: { kind: 'number', default: 1, low: 0.5, high: 2, unit: '', hidden: true } },
  };
  return { spec, create: (variation) => createDrift(spec, options, variation) };
}

function createDrift(spec: WorldSpec, { driftsFrom, edge }: DriftOptions, variation: Variation = {}): World {
  const gain = completeVariation(spec.factors ?? {}, variation).numbers.gain as number;
  let now: Moment = { x: 0, velocity: 0, steps: 0 };
  const begin = (x: number, velocity: number): void => {
    now = { x, velocity, steps: 0 };
  };
  const state = (): State => ({ x: now.x, velocity: now.velocity, 'minus zero': -0 });
  return {
    spec,
    reset: (seed) => begin(new Random(seed).uniform(10, 50), 0),
    step(action: Action) {
      if (!contains(spec.action, action)) throw new WorldError(`action [${action}] is outside: clamp it first`);
      const steps = now.steps + 1;
      const push = steps === driftsFrom ? 1e-12 : 0;
      const velocity = 0.9 * now.velocity + gain * (action[0] as number) + 0.1 * Math.sin(now.x) + push;
      now = { x: now.x + velocity, velocity, steps };
      return { terminated: edge !== undefined && Math.abs(now.x) > edge, truncated: steps >= spec.budget };
    },
    frame() {
      const frame = new Uint8Array(FRAME_BYTES).fill(255);
      const column = Math.min(63, Math.max(0, Math.round(now.x)));
      frame.fill(0, 3 * column, 3 * column + 3);
      return frame;
    },
    state,
    place: ({ x = 0, velocity = 0 }) => begin(x, velocity),
    snapshot: () => ({ world: spec.id, ...now }) as Snapshot,
    restore(snapshot) {
      const { x, velocity, steps } = snapshot as Snapshot & Moment;
      now = { x, velocity, steps };
    },
    task: (seed, difficulty = 'default') => ({
      seed,
      difficulty,
      start: { x: new Random(seed).uniform(), velocity: 0.25, 'minus zero': -0 },
      goal: { x: 30, velocity: 0, 'minus zero': -0 },
      budget: 30,
    }),
    achieved: (seen, goal, strict) => Math.abs((seen.x ?? 0) - (goal.x ?? 0)) < (strict ? 0.5 : 1),
    distance: (seen, goal) => Math.abs((seen.x ?? 0) - (goal.x ?? 0)),
    behaviour: (random) => ({ act: () => [random.uniform(-1, 1)] }),
    scene: () => [
      { kind: 'circle', name: 'dot', color: '#ff0000', fixed: false, pose: { x: now.x, y: 0, angle: 0 }, radius: 1 },
    ],
  };
}
