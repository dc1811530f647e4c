/**
 * The truth of a live session: one task in one physics world, from its start towards its goal. The goal is a second
 * instance of the same world, placed where the task wants it, so that the agent is shown a frame and the page a scene
 * of it.
 */
import type { Frame } from '../../shared/frame.ts';
import type { Scene } from '../../shared/scene.ts';
import { type Action, clamp } from '../../shared/space.ts';
import type { Task, World, WorldDefinition, WorldSpec } from '../../shared/world.ts';

/** How a step left the episode: under way, at its goal, or out of steps. */
export type EpisodeVerdict = 'underway' | 'achieved' | 'spent';

export class Episode {
  readonly spec: WorldSpec;
  readonly task: Task;
  readonly goalFrame: Frame;
  readonly goalScene: Scene;
  private readonly world: World;
  private stepsDone = 0;

  /** Begins the task that the seed determines. */
  constructor(definition: WorldDefinition, seed: number) {
    this.spec = definition.spec;
    this.world = definition.create();
    this.world.reset(seed);
    this.task = this.world.task(seed);
    const goalWorld = definition.create();
    goalWorld.reset(seed);
    goalWorld.place(this.task.goal);
    this.goalFrame = goalWorld.frame();
    this.goalScene = goalWorld.scene();
    this.world.place(this.task.start);
  }

  /** Steps since the start. */
  get steps(): number {
    return this.stepsDone;
  }

  frame(): Frame {
    return this.world.frame();
  }

  scene(): Scene {
    return this.world.scene();
  }

  /** Advances the physics by one step; an action outside the space is moved to its nearest point inside. */
  step(action: Action): EpisodeVerdict {
    const { terminated, truncated } = this.world.step(clamp(this.spec.action, action));
    this.stepsDone++;
    if (this.world.achieved(this.world.state(), this.task.goal)) return 'achieved';
    return terminated || truncated || this.stepsDone >= this.task.budget ? 'spent' : 'underway';
  }
}
