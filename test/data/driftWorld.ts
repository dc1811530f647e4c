/**
 * A small world for the tests of datasets, loaded by path as a plug-in is: a dot drifts to the right and the episode
 * terminates when it arrives, sooner or later by its seed. Its bounds are no float32 numbers; its factors are a hidden
 * number, a colour, and a fault that can be chosen.
 */
import { drawScene } from '../../envs/drawScene.ts';
import { completeVariation } from '../../shared/factors.ts';
import type { Frame } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import type { Scene } from '../../shared/scene.ts';
import type { Action } from '../../shared/space.ts';
import type {
  Behaviour,
  Snapshot,
  State,
  StepResult,
  Task,
  World,
  WorldDefinition,
  WorldSpec,
} from '../../shared/world.ts';

/** What the world does wrong, as a value of its factor `fault`. */
export const faults = { none: 0, throws: 1, notANumber: 2, endsThread: 3, forgetful: 4 } as const;

export const driftSpec: WorldSpec = {
  id: 'test-drift',
  version: 2,
  title: 'Drift',
  description: 'A dot drifts to the right.',
  action: { kind: 'box', low: [-0.1], high: [0.1] },
  arena: { width: 64, height: 64 },
  stepSeconds: 0.1,
  subSteps: 1,
  budget: 20,
  quantities: { x: { unit: 'units', kind: 'position' }, heading: { unit: 'rad', kind: 'angle' } },
  objects: [{ name: 'dot', color: '#d6006c' }],
  background: '#ffffff',
  factors: {
    speed: { kind: 'number', default: 4, low: 1, high: 8, unit: 'units/step', hidden: true },
    color: { kind: 'color', object: 'dot', default: '#d6006c', choices: ['#0096c7', '#ffb703'] },
    fault: { kind: 'number', default: 0, low: 0, high: 4, unit: 'none', hidden: true },
  },
};

/** Where an episode terminates. */
const ARRIVAL = 60;

export class DriftWorld implements World {
  readonly spec = driftSpec;
  private readonly speed: number;
  private readonly fault: number;
  private readonly color: string;
  private x = 0;
  private heading = 0;
  private steps = 0;

  constructor(numbers: Readonly<Record<string, number>>, color: string) {
    this.speed = numbers.speed ?? 4;
    this.fault = numbers.fault ?? 0;
    this.color = color;
  }

  reset(seed: number): void {
    const random = new Random(seed);
    this.place({ x: random.uniform(0, 40), heading: random.uniform(-Math.PI, Math.PI) });
  }

  step([push = 0]: Action): StepResult {
    if (Math.abs(push) > 0.1) throw new RangeError(`${push} is too much`);
    this.steps++;
    this.x += this.speed * (1 + push);
    this.heading += push;
    if (this.steps === 3 && this.fault === faults.throws) throw new TypeError('x is not a function');
    if (this.steps === 3 && this.fault === faults.notANumber) this.x = Number.NaN;
    if (this.steps === 3 && this.fault === faults.endsThread) process.exit(9);
    return { terminated: this.x >= ARRIVAL, truncated: this.steps >= driftSpec.budget };
  }

  frame(): Frame {
    return drawScene(this.scene(), driftSpec);
  }

  scene(): Scene {
    const radius = this.fault === faults.forgetful ? 3 + this.steps : 3;
    const pose = { x: this.x, y: 32 + 20 * Math.sin(this.heading), angle: 0 };
    return [{ kind: 'circle', name: 'dot', color: this.color, fixed: false, pose, radius }];
  }

  state(): State {
    return { x: this.x, heading: this.heading };
  }

  place({ x = 0, heading = 0 }: State): void {
    this.x = x;
    this.heading = heading;
    this.steps = 0;
  }

  behaviour(random: Random): Behaviour {
    return { act: () => [random.uniform(-0.3, 0.3)] };
  }

  snapshot(): Snapshot {
    throw new Error('not needed');
  }

  restore(): void {
    throw new Error('not needed');
  }

  task(): Task {
    throw new Error('not needed');
  }

  achieved(): boolean {
    return false;
  }

  distance(): number {
    return 0;
  }
}

const definition: WorldDefinition = {
  spec: driftSpec,
  create(variation = {}) {
    const { numbers, colors } = completeVariation(driftSpec.factors ?? {}, variation);
    return new DriftWorld(numbers, colors.dot ?? '');
  },
};

export default definition;
