/**
 * Where weights come from: the commit of the code and the releases of the libraries that trained them, for the card.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import manifest from '../../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The commit checked out, `unknown` outside a git checkout; ` (changed)` is added when files differ from it. */
export function codeCommit(): string {
  try {
    const git = (...args: string[]): string =>
      execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
    return `${git('rev-parse', '--short=12', 'HEAD')}${changed ? ' (changed)' : ''}`;
  } catch {
    return 'unknown';
  }
}

/** Releases that trajectories, numbers or files depend on. */
export function softwareVersions(): Record<string, string> {
  const names = ['@napi-rs/canvas', '@tensorflow/tfjs', 'matter-js', 'onnxruntime-node'] as const;
  return {
    reverie: manifest.version,
    node: process.version,
    ...Object.fromEntries(names.map((name) => [name, manifest.dependencies[name]])),
  };
}
