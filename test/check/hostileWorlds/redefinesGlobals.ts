/** Replaces what everybody uses, and adds to it. */
import sound from '../brokenWorlds/marble.ts';

Object.assign(Math, { max: () => 0 });
JSON.stringify = () => 'nothing';
Object.assign(Object.prototype, { extra: 1 });
Array.prototype.map = () => [];

export default sound;
