/** Starts a program that outlives it, unless somebody ends it. */
import { spawn } from 'node:child_process';
import sound from '../brokenWorlds/marble.ts';

const { pid } = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
process.stderr.write(`child ${pid}\n`);

export default sound;
