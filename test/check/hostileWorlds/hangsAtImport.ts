/** Never finishes loading. */
import sound from '../brokenWorlds/marble.ts';

let turns = 0;

function spinForEver(): void {
  while (turns >= 0) turns = (turns + 1) % 1000;
}

spinForEver();

export default sound;
