/**
 * A world of matter-js physics: episodes, the budget, stepping with the action held, snapshots and drawing, around the
 * rules that make it the world that it is.
 *
 * Invariants. A step is `spec.subSteps` physics updates with the action applied anew before each, because contacts
 * brake whatever an action drives. An action outside the space is refused before anything moves. The frame is drawn
 * from the state alone, so a stored state gives back its frame.
 *
 * Two ways back to an earlier moment. `snapshot` and `restore` go on to the bit, mid-contact. `place` puts the bodies
 * as the state says, with no contact remembered; what follows depends on that state alone.
 */
import { WorldError } from '../../shared/errors.ts';
import { completeVariation } from '../../shared/factors.ts';
import type { Frame } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import type { Scene } from '../../shared/scene.ts';
import { type Action, contains } from '../../shared/space.ts';
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
} from '../../shared/world.ts';
import { drawScene } from '../drawScene.ts';
import type { Bodies, MatterRules } from './matterRules.ts';
import { type EngineCopy, Simulation } from './simulation.ts';

/**
 * The definition of a matter-js world. `rulesFor` makes the rules for given values of the spec's number factors; its
 * colour factors recolour the spec and the scene, with nothing for the rules to do.
 *
 * @example
 * ```ts
 * export default defineMatterWorld(spec, ({ ballRadius }) => ({ build: () => …, start: (random) => …, … }));
 * ```
 */
export function defineMatterWorld(
  spec: WorldSpec,
  rulesFor: (numbers: Readonly<Record<string, number>>) => MatterRules,
): WorldDefinition {
  return {
    spec,
    create(variation = {}) {
      const { numbers, colors } = completeVariation(spec.factors ?? {}, variation);
      return new MatterWorld(recolored(spec, colors), rulesFor(numbers), numbers);
    },
  };
}

/** The spec with the colours by object, `background` included. */
function recolored(spec: WorldSpec, colors: Readonly<Record<string, string>>): WorldSpec {
  const objects = spec.objects.map((object) => ({ ...object, color: colors[object.name] ?? object.color }));
  return { ...spec, objects, background: colors.background ?? spec.background };
}

/** Plain data, which survives being cloned and sent to a worker. */
interface MatterSnapshot extends Snapshot {
  readonly numbers: Readonly<Record<string, number>>;
  readonly steps: number;
  readonly engine: EngineCopy;
}

export class MatterWorld implements World {
  readonly spec: WorldSpec;
  private readonly rules: MatterRules;
  private readonly numbers: Readonly<Record<string, number>>;
  private readonly simulation: Simulation;
  private readonly bodies: Bodies = (label) => this.simulation.body(label);
  private readonly colors: ReadonlyMap<string, string>;
  private steps = 0;
  private rehearsal: MatterWorld | undefined;

  /**
   * A world at the start of the episode of seed 0.
   * @param numbers the factors that the rules are made for, if they vary: snapshots of other ones are refused.
   */
  constructor(spec: WorldSpec, rules: MatterRules, numbers: Readonly<Record<string, number>> = {}) {
    this.spec = spec;
    this.rules = rules;
    this.numbers = numbers;
    this.simulation = new Simulation(rules.build);
    this.colors = new Map(spec.objects.map(({ name, color }) => [name, color]));
    this.reset(0);
  }

  reset(seed: number): void {
    this.place(this.rules.start(new Random(seed)));
  }

  step(action: Action): StepResult {
    const { spec, rules, bodies } = this;
    if (!contains(spec.action, action)) {
      throw new WorldError(`action [${action.join(', ')}] is outside the action space of '${spec.id}': clamp it first`);
    }
    for (let update = 0; update < spec.subSteps; update++) {
      const before = rules.settle && this.state();
      rules.drive(bodies, action);
      this.simulation.update();
      if (before) rules.settle?.(bodies, before);
    }
    this.steps++;
    const terminated = this.rules.terminated?.(this.state()) ?? false;
    return { terminated, truncated: this.steps >= spec.budget };
  }

  frame(): Frame {
    return drawScene(this.scene(), this.spec);
  }

  scene(): Scene {
    return this.rules.scene(this.state()).map((shape) => {
      const color = this.colors.get(shape.name);
      return color === undefined || color === shape.color ? shape : { ...shape, color };
    });
  }

  state(): State {
    return this.rules.read(this.bodies);
  }

  place(state: State): void {
    for (const name of Object.keys(this.spec.quantities)) {
      if (!Number.isFinite(state[name])) {
        throw new WorldError(`the state's ${name} is ${state[name]}: '${this.spec.id}' needs a finite number`);
      }
    }
    this.simulation.put(this.rules.poses(state));
    this.steps = 0;
  }

  snapshot(): Snapshot {
    const { spec, numbers, steps } = this;
    const snapshot: MatterSnapshot = { world: spec.id, numbers, steps, engine: this.simulation.copy() };
    return snapshot;
  }

  restore(snapshot: Snapshot): void {
    if (snapshot.world !== this.spec.id) {
      throw new WorldError(`a snapshot of '${snapshot.world}' cannot be restored in '${this.spec.id}': take one there`);
    }
    const { numbers, steps, engine } = snapshot as MatterSnapshot;
    for (const name in this.numbers) {
      if (numbers[name] === this.numbers[name]) continue;
      throw new WorldError(
        `a snapshot with ${name} ${numbers[name]} cannot be restored where it is ${this.numbers[name]}: take one there`,
      );
    }
    this.simulation.resume(engine);
    this.steps = steps;
  }

  task(seed: number, difficulty: Difficulty = 'default'): Task {
    this.rehearsal ??= new MatterWorld(this.spec, this.rules, this.numbers);
    return this.rules.task(seed, difficulty, this.rehearsal);
  }

  achieved(state: State, goal: State, strict = false): boolean {
    return this.rules.achieved(state, goal, strict);
  }

  distance(state: State, goal: State): number {
    return this.rules.distance(state, goal);
  }

  behaviour(random: Random): Behaviour {
    return this.rules.behaviour(random);
  }
}
