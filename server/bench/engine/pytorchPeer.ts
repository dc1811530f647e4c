/**
 * PyTorch as a contestant of `bench engine`: a Python process that is told what to run, one line at a time, and answers
 * with milliseconds that it took itself, so that both sides are timed in turn on the same machine at the same moment.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../../../shared/errors.ts';
import type { Contestant } from './contestant.ts';

const script = fileURLToPath(new URL('./pytorchPeer.py', import.meta.url));

/**
 * Starts PyTorch.
 * @param python the interpreter, such as `python3`
 * @throws EngineError when it does not start or has no `torch`
 */
export async function startPytorchPeer(python: string, threads: number): Promise<Contestant> {
  const child = spawn(python, [script, String(threads)]);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = endOf(child);
  const answer = async (): Promise<string> => {
    const line = await answers.next();
    if (!line.done) return line.value;
    throw new EngineError(
      `PyTorch did not answer (${await ended}); install it with \`${python} -m pip install torch\`, or leave --peer out`,
    );
  };
  const version = await answer();
  const prepare: Contestant['prepare'] = async (network, batch, phase) => ({
    async run() {
      child.stdin.write(`${network.name} ${batch} ${phase}\n`);
      return Number(await answer());
    },
    dispose: async () => {},
  });
  return {
    name: 'pytorch',
    device: `PyTorch ${version}`,
    prepare,
    async dispose() {
      child.stdin.end();
      await ended;
    },
  };
}

/** How the process ended, in words. */
function endOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stdin.on('error', () => {}); // a process that has ended is reported by its missing answer
  return new Promise((resolve) => {
    child.on('error', ({ message }) => resolve(message));
    child.on('close', () => resolve(said.trim().split('\n').at(-1) || 'it ended'));
  });
}
