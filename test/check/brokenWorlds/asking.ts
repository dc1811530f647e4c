/** Worlds whose behaviour or tasks make no sense. */
import type { Random } from '../../../shared/random.ts';
import type { Difficulty, State } from '../../../shared/world.ts';
import type { BrokenWorld } from './brokenWorld.ts';
import { Marble, marbleOf } from './marble.ts';

export const asking: readonly BrokenWorld[] = [
  {
    defect: 'a behaviour that leaves the space',
    check: 'behaviour',
    says: /^the behaviour chose \[.*\]: expected an action of the space|^behaviour\.act\(\)|^step\(\) threw \[.*\] is no action/,
    mend: /./,
    make: () =>
      marbleOf(
        class extends Marble {
          override step(action: readonly number[]) {
            return super.step(action.map((value) => Math.max(-1, Math.min(1, value))));
          }

          override behaviour(random: Random) {
            return { act: () => [random.normal(0, 2), 0] };
          }
        },
      ),
  },
  {
    defect: 'a behaviour that draws from elsewhere',
    check: 'behaviour',
    says: /^the behaviour chose other actions when seed 0 was played again: expected the same ones/,
    mend: /the generator that behaviour\(random\) is given/,
    make: () => {
      let calls = 0;
      return marbleOf(
        class extends Marble {
          override behaviour() {
            return { act: () => [Math.sin(calls++), 0] };
          }
        },
      );
    },
  },
  {
    defect: 'a behaviour that does nothing',
    check: 'behaviour',
    says: /^the behaviour left seed 0 as it was: expected it to change the state/,
    mend: /./,
    make: () =>
      marbleOf(
        class extends Marble {
          override behaviour() {
            return { act: () => [0, 0] };
          }
        },
      ),
  },
  {
    defect: 'tasks that are solved at the start',
    check: 'tasks',
    says: /^task 0 \(easy\) is solved at its start: expected it not to be/,
    mend: /until the start is not achieved/,
    make: () =>
      marbleOf(
        class extends Marble {
          override achieved() {
            return true;
          }
        },
      ),
  },
  {
    defect: 'goals that don’t meet themselves when it is strict',
    check: 'tasks',
    says: /^the goal of task 0 \(easy\) doesn't meet itself: expected it to be achieved, strictly too/,
    mend: /achieved\(goal, goal\)/,
    make: () =>
      marbleOf(
        class extends Marble {
          override achieved(state: State, goal: State, strict = false) {
            return !strict && super.achieved(state, goal);
          }
        },
      ),
  },
  {
    defect: 'goals that lie where nothing gets',
    check: 'tasks',
    says: /^x is 3\d\d.* at the goal of task 0 \(easy\): expected it near .* to .*, where play goes/,
    mend: /can be reached/,
    make: () =>
      marbleOf(
        class extends Marble {
          override task(seed: number, difficulty?: Difficulty) {
            const task = super.task(seed, difficulty);
            return { ...task, goal: { ...task.goal, x: 300 + (task.goal.x as number) } };
          }
        },
      ),
  },
  {
    defect: 'goals that are no states of the world',
    check: 'tasks',
    says: /^y is .* at the placed goal of task \d+ \(easy\): expected .*, to the bit/,
    mend: /states that the world can be in/,
    make: () =>
      marbleOf(
        class extends Marble {
          override place(state: State) {
            super.place({ ...state, y: Math.max(12, state.y ?? 0) });
          }

          override task(seed: number, difficulty?: Difficulty) {
            const task = super.task(seed, difficulty);
            return { ...task, start: { ...task.start, x: 50, y: 55 }, goal: { ...task.goal, y: 8 } };
          }
        },
      ),
  },
  {
    defect: 'a distance that doesn’t fall',
    check: 'tasks',
    says: /^in task 0 \(easy\) the distance is 1 at the start and 1 at the goal: expected it to fall towards 0/,
    mend: /distance\(state, goal\)/,
    make: () =>
      marbleOf(
        class extends Marble {
          override task(seed: number, difficulty: Difficulty = 'default') {
            return { ...new Marble().task(seed, difficulty) };
          }

          override distance() {
            return 1;
          }

          override achieved(state: State, goal: State) {
            return state.x === goal.x;
          }
        },
      ),
  },
  {
    defect: 'a distance that is lost on the way',
    check: 'tasks',
    says: /^the distance is NaN on the way in task \d+ \(\w+\): expected a number of at least 0/,
    mend: /in distance\(\)/,
    make: () =>
      marbleOf(
        class extends Marble {
          override distance(state: State, goal: State) {
            return super.distance(state, goal) + 0 * Math.sqrt(1e-9 - (state.vx ?? 0) ** 2);
          }
        },
      ),
  },
  {
    defect: 'a strict tolerance that is the wider one',
    check: 'tasks',
    says: /^a state on the way in task \d+ \(\w+\) meets the goal strictly and not moderately: expected strict/,
    mend: /halve every tolerance/,
    make: () =>
      marbleOf(
        class extends Marble {
          override achieved(state: State, goal: State, strict = false) {
            return this.distance(state, goal) <= (strict ? 100 : 2);
          }
        },
      ),
  },
  {
    defect: 'a task that moves the episode on',
    check: 'tasks',
    says: /^x is .* at the episode in progress after 9 tasks were drawn: expected/,
    mend: /rehearse in a world of its own/,
    make: () =>
      marbleOf(
        class extends Marble {
          override task(seed: number, difficulty?: Difficulty) {
            const task = super.task(seed, difficulty);
            this.place(task.start);
            return task;
          }
        },
      ),
  },
];
