/**
 * Every episode of a live server, recorded: one file each, named after the world, the time and a number. Agents are
 * loaded while the server runs, so the weights that each world's agent has are noted when it is.
 */
import type { Clock } from '../../shared/clock.ts';
import type { Task, World } from '../../shared/world.ts';
import { agentWeights } from './agentWeights.ts';
import type { EpisodeFacts } from './episodeRecorder.ts';
import { type OngoingRecording, type OnUnwritten, RecordingFolder } from './recordingFolder.ts';
import type { Actor } from './recordingHeader.ts';
import { wallTime } from './wallTime.ts';

export interface LiveRecordingsOptions {
  readonly directory: string;
  readonly clock: Clock;
  /** What a world was loaded by, where that is not its id. */
  readonly sources: ReadonlyMap<string, string>;
  /** Told of recordings that cannot be written. */
  readonly onFailure: OnUnwritten;
}

export class LiveRecordings {
  private readonly folder: RecordingFolder;
  private readonly options: LiveRecordingsOptions;
  private readonly weights = new Map<string, Actor['weights']>();
  private begun = 0;

  private constructor(folder: RecordingFolder, options: LiveRecordingsOptions) {
    this.folder = folder;
    this.options = options;
  }

  /** Makes the directory where needed. @throws DataError when nothing can be written there. */
  static async open(options: LiveRecordingsOptions): Promise<LiveRecordings> {
    return new LiveRecordings(await RecordingFolder.open(options.directory, options.onFailure), options);
  }

  /** The agent of the world is loaded from the directory. */
  async noteAgent(worldId: string, directory: string): Promise<void> {
    this.weights.set(worldId, await agentWeights(directory));
  }

  /** The weights of the agent that was loaded last for the world; not known before one is. */
  weightsOf(worldId: string): Actor['weights'] {
    return this.weights.get(worldId);
  }

  /** Records an episode of the world's agent, which stands at the start of the task. */
  begin(world: World, task: Task, onUnwritten?: OnUnwritten): OngoingRecording {
    const facts = this.facts(world, task);
    return this.folder.begin(this.name(world, task, facts.createdAt), world, facts, onUnwritten);
  }

  /** Holds such an episode: it is written whenever it is kept, each time under a name of its own. */
  hold(
    world: World,
    task: Task,
    onUnwritten?: OnUnwritten,
  ): Pick<OngoingRecording, 'step'> & { readonly keep: () => void } {
    const facts = this.facts(world, task);
    const held = this.folder.hold(world, facts, onUnwritten);
    return { step: held.step, keep: () => held.keep(this.name(world, task, facts.createdAt)) };
  }

  private name({ spec }: World, { seed }: Task, createdAt: Date): string {
    const time = createdAt.toISOString().replace(/[-:.]/g, '');
    return `${spec.id}-${time}-${++this.begun}-task${seed}`;
  }

  private facts({ spec }: World, task: Task): EpisodeFacts {
    const weights = this.weightsOf(spec.id);
    return {
      source: this.options.sources.get(spec.id) ?? spec.id,
      variation: {},
      start: { kind: 'place', state: task.start },
      task,
      actor: { kind: 'agent', seed: task.seed, ...(weights === undefined ? {} : { weights }) },
      createdAt: wallTime(this.options.clock),
    };
  }

  /** Waits until everything is written, or has been told of. */
  settled(): Promise<void> {
    return this.folder.settled();
  }
}
