/**
 * The truth of a live session: one task in one physics world, from its start towards its goal. The goal is a second
 * instance of the same world, placed where the task wants it, so that the agent is shown a frame and the page a scene
 * of it.
 */
import { WorldError } from '../../shared/errors.ts';
import type { Frame } from '../../shared/frame.ts';
import type { Arranged } from '../../shared/protocol/control.ts';
import type { Pose, Scene } from '../../shared/scene.ts';
import { type Action, clamp } from '../../shared/space.ts';
import { isLost } from '../../shared/undrawable.ts';
import type { Snapshot, StepResult, Task, World, WorldDefinition, WorldSpec } from '../../shared/world.ts';
import type { BeginRecording, OngoingRecording } from '../recording/recordingFolder.ts';
import { belongs, type Carried, movedBody, movedGoal } from './carriedShapes.ts';
import { type Grip, gripsOf } from './grips.ts';

/** How a step left the episode: under way, at its goal, or out of steps. */
export type EpisodeVerdict = 'underway' | 'achieved' | 'spent';

export class Episode {
  readonly spec: WorldSpec;
  readonly task: Task;
  readonly goalFrame: Frame;
  readonly goalScene: Scene;
  /** What of the goal's scene moves as one, and whether the goal asks for where it is. */
  readonly grips: readonly (Grip & { readonly asked: boolean })[];
  private readonly goalWorld: World;
  private readonly world: World;
  private readonly createCopy: () => World;
  private readonly recording: OngoingRecording | undefined;
  private stepsDone = 0;
  /** What was seen one step ago; nothing at the start. */
  private before: Frame | undefined;

  /**
   * Begins the task that the seed determines, or another one, and records it if it is given how.
   * @throws WorldError when its scene cannot be told of, being lost in numbers
   */
  constructor(definition: WorldDefinition, seed: number, record?: BeginRecording, task?: Task) {
    this.spec = definition.spec;
    this.createCopy = () => definition.create();
    this.world = this.createCopy();
    this.world.reset(seed);
    this.task = task ?? this.world.task(seed);
    const goalWorld = definition.create();
    goalWorld.reset(seed);
    goalWorld.place(this.task.goal);
    this.goalFrame = goalWorld.frame();
    this.goalScene = goalWorld.scene();
    this.grips = gripsOf(goalWorld, this.task.goal).map((grip) => ({
      ...grip,
      asked: belongs(goalWorld, this.task.goal, grip),
    }));
    this.goalWorld = goalWorld;
    this.world.place(this.task.start);
    const lost = [...this.world.scene(), ...this.goalScene].find(isLost);
    if (lost !== undefined)
      throw new WorldError(
        `the world '${this.spec.id}' has '${lost.name}' nowhere: its numbers are not finite; \`check\` it`,
      );
    this.recording = record?.(this.world, this.task);
  }

  /** Steps since the start. */
  get steps(): number {
    return this.stepsDone;
  }

  /**
   * A world of its own that can be stepped without a trace in the episode, and where the episode is now. A copy from a
   * branch before can be used again.
   */
  branch(known?: World): { readonly copy: World; readonly from: Snapshot } {
    const copy = known ?? this.createCopy();
    if (known === undefined) copy.reset(this.task.seed);
    return { copy, from: this.world.snapshot() };
  }

  /** Name of the shape that the task is about: the first that the goal asks to move, else the first that can. */
  get subject(): string | undefined {
    const asked = this.grips.find((grip) => grip.asked)?.shapes[0];
    const shape = asked === undefined ? this.goalScene.find(({ fixed }) => !fixed) : this.goalScene[asked];
    return shape?.name;
  }

  /** The quantities of the spec, in its order: for the page, never for the agent. */
  quantities(): number[] {
    const state = this.world.state();
    return Object.keys(this.spec.quantities).map((name) => state[name] as number);
  }

  frame(): Frame {
    return this.world.frame();
  }

  /** The frames that the agent knows: what it sees now, after what it saw one step ago. */
  seen(): readonly Frame[] {
    return [...(this.before ? [this.before] : []), this.frame()];
  }

  scene(): Scene {
    return this.world.scene();
  }

  /**
   * Advances the physics by one step, which a person or the agent chose; an action outside the space is moved to its
   * nearest point inside.
   */
  step(action: Action, by?: 'human'): EpisodeVerdict {
    const taken = clamp(this.spec.action, action);
    this.before = this.world.frame();
    const result = this.world.step(taken);
    this.stepsDone++;
    this.recording?.step(taken, result, by);
    const verdict = this.judge(result);
    if (verdict !== 'underway') this.end();
    return verdict;
  }

  /**
   * The task that begins where the world is now, with all its steps, and with a shape of the goal, or of the world, at
   * the pose; or why that cannot be.
   */
  arranged(what: Arranged, shape: number, pose: Pose): { readonly task: Task } | { readonly refusal: string } {
    const now = this.world.state();
    const { goal } = this.task;
    const carried: Carried =
      what === 'goal' ? movedGoal(this.goalWorld, goal, now, shape, pose) : movedBody(this.goalWorld, now, shape, pose);
    if ('refusal' in carried) return carried;
    return {
      task: { ...this.task, ...(what === 'goal' ? { start: now, goal: carried.state } : { start: carried.state }) },
    };
  }

  /** Nothing more happens in it: what is recorded of it is kept. Calling again does nothing. */
  end(): void {
    this.recording?.end();
  }

  private judge({ terminated, truncated }: StepResult): EpisodeVerdict {
    if (this.world.achieved(this.world.state(), this.task.goal)) return 'achieved';
    return terminated || truncated || this.stepsDone >= this.task.budget ? 'spent' : 'underway';
  }
}
