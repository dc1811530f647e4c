/**
 * A small world that keeps the whole contract, for others to break one promise of: a marble that rolls about a tray
 * with a wall in it. Its parts are methods, so that a broken world overrides what it breaks and nothing else.
 */
import { drawScene } from '../../../envs/drawScene.ts';
import { WorldError } from '../../../shared/errors.ts';
import { completeVariation, type Variation } from '../../../shared/factors.ts';
import { Random } from '../../../shared/random.ts';
import type { Scene } from '../../../shared/scene.ts';
import { type Action, contains } from '../../../shared/space.ts';
import type {
  Behaviour,
  Difficulty,
  Snapshot,
  State,
  StepResult,
  Task,
  World,
  WorldDefinition,
  WorldSpec,
} from '../../../shared/world.ts';

const size = 64;
export const wall = { left: 30, right: 34, bottom: 36 };

export const spec: WorldSpec = {
  id: 'marble',
  version: 1,
  title: 'Marble',
  description: 'A marble rolls about a tray with a wall in it.',
  action: { kind: 'box', low: [-1, -1], high: [1, 1] },
  arena: { width: size, height: size },
  stepSeconds: 4 / 60,
  subSteps: 4,
  budget: 40,
  quantities: {
    x: { unit: 'units', kind: 'position' },
    y: { unit: 'units', kind: 'position' },
    vx: { unit: 'units/update', kind: 'velocity' },
    vy: { unit: 'units/update', kind: 'velocity' },
  },
  objects: [{ name: 'marble', color: '#d6006c' }],
  background: '#ffffff',
  factors: {
    radius: { kind: 'number', default: 4, low: 3, high: 5, unit: 'units', hidden: false },
    friction: { kind: 'number', default: 0.1, low: 0.05, high: 0.2, unit: '1/update', hidden: true },
    marbleColor: { kind: 'color', object: 'marble', default: '#d6006c', choices: ['#0096c7', '#2b9348'] },
  },
};

interface Rolling {
  x: number;
  y: number;
  vx: number;
  vy: number;
}

interface MarbleSnapshot extends Snapshot {
  readonly rolling: Rolling;
  readonly steps: number;
}

/** Lengths in units, speeds in units an update. */
export class Marble implements World {
  readonly spec: WorldSpec;
  protected readonly radius: number;
  protected readonly friction: number;
  protected rolling: Rolling = { x: 10, y: 50, vx: 0, vy: 0 };
  protected steps = 0;

  constructor(variation: Variation = {}) {
    const { numbers, colors } = completeVariation(spec.factors ?? {}, variation);
    this.radius = numbers.radius as number;
    this.friction = numbers.friction as number;
    this.spec = { ...spec, objects: [{ name: 'marble', color: colors.marble as string }] };
    this.reset(0);
  }

  reset(seed: number): void {
    this.place({ ...this.freePlace(new Random(seed)), vx: 0, vy: 0 });
  }

  step(action: Action): StepResult {
    if (!contains(this.spec.action, action)) throw new WorldError(`[${action}] is no action of the marble: clamp it`);
    for (let update = 0; update < this.spec.subSteps; update++) this.update(action);
    this.steps++;
    return { terminated: false, truncated: this.steps >= this.spec.budget };
  }

  /** One update of the physics: it pushes, rolls along each axis in turn, and bounces. */
  protected update([pushX = 0, pushY = 0]: Action): void {
    const { rolling } = this;
    rolling.vx = (rolling.vx + 0.15 * pushX) * (1 - this.friction);
    rolling.vy = (rolling.vy + 0.15 * pushY) * (1 - this.friction);
    if (this.isFree(rolling.x + rolling.vx, rolling.y)) rolling.x += rolling.vx;
    else rolling.vx *= -0.6;
    if (this.isFree(rolling.x, rolling.y + rolling.vy)) rolling.y += rolling.vy;
    else rolling.vy *= -0.6;
  }

  protected isFree(x: number, y: number): boolean {
    const { radius } = this;
    const inTray = x >= radius && x <= size - radius && y >= radius && y <= size - radius;
    return inTray && !(x > wall.left - radius && x < wall.right + radius && y < wall.bottom + radius);
  }

  protected freePlace(random: Random): { x: number; y: number } {
    for (;;) {
      const [x, y] = [random.uniform(0, size), random.uniform(0, size)];
      if (this.isFree(x, y)) return { x, y };
    }
  }

  frame() {
    return drawScene(this.scene(), this.spec);
  }

  scene(): Scene {
    const { left, right, bottom } = wall;
    const corners = [
      { x: left, y: 0 },
      { x: right, y: 0 },
      { x: right, y: bottom },
      { x: left, y: bottom },
    ];
    const pose = { x: this.rolling.x, y: this.rolling.y, angle: 0 };
    const color = this.spec.objects[0]?.color ?? '';
    return [
      {
        kind: 'polygon',
        name: 'wall',
        color: '#3c4450',
        fixed: true,
        pose: { x: 0, y: 0, angle: 0 },
        vertices: corners,
      },
      { kind: 'circle', name: 'marble', color, fixed: false, pose, radius: this.radius },
    ];
  }

  state(): State {
    return { ...this.rolling };
  }

  place({ x = 0, y = 0, vx = 0, vy = 0 }: State): void {
    this.rolling = { x, y, vx, vy };
    this.steps = 0;
  }

  snapshot(): Snapshot {
    const snapshot: MarbleSnapshot = { world: this.spec.id, rolling: { ...this.rolling }, steps: this.steps };
    return snapshot;
  }

  restore(snapshot: Snapshot): void {
    const { rolling, steps } = snapshot as MarbleSnapshot;
    this.rolling = { ...rolling };
    this.steps = steps;
  }

  task(seed: number, difficulty: Difficulty = 'default'): Task {
    const random = new Random(seed).fork(difficulty);
    const [least, most] = { easy: [8, 16], default: [20, 36], hard: [36, 60] }[difficulty] as [number, number];
    for (;;) {
      const [start, goal] = [this.freePlace(random), this.freePlace(random)].map(atRest) as [State, State];
      const distance = this.distance(start, goal);
      if (distance >= least && distance <= most) return { seed, difficulty, start, goal, budget: 40 };
    }
  }

  achieved(state: State, goal: State, strict = false): boolean {
    return this.distance(state, goal) <= (strict ? 1 : 2);
  }

  distance({ x = 0, y = 0 }: State, goal: State): number {
    return Math.hypot(x - (goal.x ?? 0), y - (goal.y ?? 0));
  }

  behaviour(random: Random): Behaviour {
    let push = [0, 0];
    return {
      act: () => {
        if (random.chance(0.2)) push = [random.uniform(-1, 1), random.uniform(-1, 1)];
        return push.map((value) => Math.min(1, Math.max(-1, value + random.normal(0, 0.2))));
      },
    };
  }
}

function atRest({ x, y }: { readonly x: number; readonly y: number }): State {
  return { x, y, vx: 0, vy: 0 };
}

/** The definition of a world that is a marble but for what its class overrides, and its spec but for what is given. */
export function marbleOf(
  Kind: new (variation?: Variation) => World,
  changes: Partial<WorldSpec> = {},
): WorldDefinition {
  const changed = { ...spec, ...changes };
  const create = (variation: Variation = {}) => {
    const world = new Kind(variation);
    return Object.assign(world, { spec: { ...changed, ...(changes.objects ? {} : { objects: world.spec.objects }) } });
  };
  return { spec: changed, create };
}

export default marbleOf(Marble);
