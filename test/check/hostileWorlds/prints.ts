/** Prints to both streams, a document too. */
import type { Action } from '../../../shared/space.ts';
import { Marble, marbleOf } from '../brokenWorlds/marble.ts';

export default marbleOf(
  class extends Marble {
    override step(action: Action) {
      process.stdout.write('{"ok": true}\n');
      process.stderr.write('careful\n');
      return super.step(action);
    }
  },
);
