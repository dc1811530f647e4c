/** Waits for what never comes. */
import sound from '../brokenWorlds/marble.ts';

await new Promise(() => {});

export default sound;
