/** Ends the process instead of throwing. */
import type { Action } from '../../../shared/space.ts';
import { Marble, marbleOf } from '../brokenWorlds/marble.ts';

export default marbleOf(
  class extends Marble {
    override step(action: Action) {
      if (this.steps === 30) process.exit(0);
      return super.step(action);
    }
  },
);
