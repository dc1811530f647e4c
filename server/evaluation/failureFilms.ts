/**
 * The worst failures of a row, to be looked at: while tasks are played it keeps the frames of those that are not
 * solved, and in the end only of the few whose goal stayed farthest away, measured by the distance at the start.
 */
import { createWorld } from '../../envs/validateDefinition.ts';
import type { Frame } from '../../shared/frame.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import type { BeginRecording } from '../recording/recordingFolder.ts';
import type { EvaluationTask } from './evaluate.ts';

export interface Failure {
  readonly taskSeed: number;
  /** Distance to the goal at the end, as a share of that at the start. */
  readonly remaining: number;
  readonly goal: Frame;
  /** Evenly spaced, from the first to the last. */
  readonly frames: readonly Frame[];
}

export interface FailureFilms {
  /** Watches an episode; it does not disturb it. */
  readonly watch: BeginRecording;
  /** Worst first. */
  worst(): readonly Failure[];
}

/** Keeps the `count` worst, each as a film of `pictures` frames. */
export function failureFilms(definition: WorldDefinition, count = 5, pictures = 8): FailureFilms {
  let worst: Failure[] = [];
  return {
    worst: () => worst,
    watch(world, task) {
      const first = Math.max(world.distance(world.state(), task.goal), Number.EPSILON);
      const frames: Frame[] = [world.frame()];
      let solved = false;
      return {
        step() {
          frames.push(world.frame());
          solved ||= world.achieved(world.state(), task.goal);
        },
        end() {
          if (solved) return;
          const remaining = world.distance(world.state(), task.goal) / first;
          const chosen = Array.from({ length: pictures }, (_, i) =>
            Math.round((i * (frames.length - 1)) / (pictures - 1)),
          );
          const film = chosen.map((at) => frames[at] as Frame);
          const goal = goalFrame(definition, task);
          const failure = { taskSeed: task.seed, remaining, goal, frames: film };
          worst = [...worst, failure].sort((a, b) => b.remaining - a.remaining).slice(0, count);
        },
      };
    },
  };
}

function goalFrame(definition: WorldDefinition, task: EvaluationTask): Frame {
  const world = createWorld(definition, task.variation);
  world.place(task.goal);
  return world.frame();
}
