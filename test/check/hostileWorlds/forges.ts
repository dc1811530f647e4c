/** Writes results of its own. */
import { writeSync } from 'node:fs';
import { Marble, marbleOf } from '../brokenWorlds/marble.ts';

export default marbleOf(
  class extends Marble {
    override frame() {
      const result = { name: 'frames', ok: true, detail: 'all is well' };
      const message = { kind: 'result', result };
      for (const line of [message, { token: '', message }]) writeSync(3, `${JSON.stringify(line)}\n`);
      return new Uint8Array(64 * 64 * 3);
    }
  },
);
