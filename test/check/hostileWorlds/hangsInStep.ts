/** Falls into a loop in the middle of an episode. */
import type { Action } from '../../../shared/space.ts';
import { Marble, marbleOf } from '../brokenWorlds/marble.ts';

export default marbleOf(
  class extends Marble {
    override step(action: Action) {
      while (this.steps === 30) this.rolling.x += 0;
      return super.step(action);
    }
  },
);
