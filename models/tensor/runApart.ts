/**
 * Runs a TypeScript program of ours in a process of its own, for what may crash or hang whoever does it: talking to a
 * graphics driver, above all.
 */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { EngineError } from '../../shared/errors.ts';

/**
 * What the program prints.
 * @param limit milliseconds after which it is ended
 * @throws EngineError with the last line of its standard error when it fails, or when it is not done in time
 */
export async function runApart(program: URL, args: readonly string[], limit: number): Promise<string> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const command = ['--import', loader, fileURLToPath(program), ...args];
  // What hangs inside a driver may be deaf to gentler signals.
  const options = { timeout: limit, killSignal: 'SIGKILL' } as const;
  try {
    return (await promisify(execFile)(process.execPath, command, options)).stdout;
  } catch (error) {
    const { stderr = '', killed = false } = error as { stderr?: string; killed?: boolean };
    const said = stderr.trim().split('\n').at(-1) || 'the process ended without a word';
    throw new EngineError(killed ? `no answer within ${limit / 1000} s` : said, { cause: error });
  }
}
