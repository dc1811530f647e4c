/**
 * Records one episode while somebody plays it. It is created when the episode has begun, told every step that the world
 * has taken, and asked for the recording at any time. It only looks at the world: it never steps or places it, so that
 * playing with and without a recorder is the same. A step costs one reading of the state and one SHA-256.
 */
import { type Action, dimensionsOf } from '../../shared/space.ts';
import type { StepResult, Task, World } from '../../shared/world.ts';
import { softwareVersions } from '../training/provenance.ts';
import type { RecordedStep, Recording } from './recording.ts';
import type { RecordingHeader } from './recordingHeader.ts';
import { type Actor, type EpisodeStart, RECORDING_FORMAT, RECORDING_VERSION } from './recordingHeader.ts';
import { hashState, type StateHash } from './stateHash.ts';

/** What a recorder cannot see for itself. */
export interface EpisodeFacts {
  /** What the world was loaded by: a built-in id, or the path or package of a module. */
  readonly source: string;
  /** Factors that are other than usual. */
  readonly variation: RecordingHeader['variation'];
  readonly start: EpisodeStart;
  readonly task?: Task;
  /** Who acts, unless a person takes over. */
  readonly actor: Actor;
  readonly createdAt: Date;
}

export class EpisodeRecorder {
  private readonly world: World;
  private readonly facts: EpisodeFacts;
  private readonly quantities: readonly string[];
  private readonly startHash: StateHash;
  private readonly taken: RecordedStep[] = [];
  private actor: Actor;

  /** `world` stands at the beginning of the episode. */
  constructor(world: World, facts: EpisodeFacts) {
    this.world = world;
    this.facts = facts;
    this.actor = facts.actor;
    this.quantities = Object.keys(world.spec.quantities);
    this.startHash = hashState(world.state(), this.quantities);
  }

  /** Steps recorded so far. */
  get steps(): number {
    return this.taken.length;
  }

  /**
   * The world has just taken this step. With the first that a person chose, the episode is a person's; weights then are
   * those of the agent that chose the others.
   */
  step(action: Action, { terminated, truncated }: StepResult, by?: 'human'): void {
    if (by !== undefined && this.actor.kind !== by) {
      const { weights } = this.actor;
      this.actor = { kind: by, ...(weights && { weights }) };
    }
    const hash = hashState(this.world.state(), this.quantities);
    this.taken.push({ action: [...action], terminated, truncated, hash });
  }

  /** The episode as far as it has been played. */
  recording(): Recording {
    const { spec } = this.world;
    const { source, variation, start, task, createdAt } = this.facts;
    const header: RecordingHeader = {
      format: RECORDING_FORMAT,
      formatVersion: RECORDING_VERSION,
      world: { id: spec.id, version: spec.version, source },
      variation: { ...variation },
      start,
      ...(task === undefined ? {} : { task: { ...task, start: { ...task.start }, goal: { ...task.goal } } }),
      stepSeconds: spec.stepSeconds,
      subSteps: spec.subSteps,
      quantities: [...this.quantities],
      actionSize: dimensionsOf(spec.action),
      steps: this.taken.length,
      actor: { ...this.actor },
      software: recordingSoftware(),
      createdAt: createdAt.toISOString(),
    };
    return { header, startHash: this.startHash, steps: [...this.taken] };
  }
}

/** Releases that trajectories may depend on: this program's, its libraries', the engine of its numbers. */
export function recordingSoftware(): Record<string, string> {
  return { ...softwareVersions(), platform: `${process.platform} ${process.arch}` };
}
