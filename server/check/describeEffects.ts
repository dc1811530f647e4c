/**
 * The last check: whether the world leaves the process that uses it as it was. What breaks other code or keeps programs
 * from ending is a failure; what is only untidy, such as printing, is remarked on.
 */
import type { CheckResult } from '../../envs/conformance/checkWorld.ts';
import type { Ending } from './containedProcess.ts';
import type { Effects } from './messages.ts';

const name = 'isolation';

/** The result, from what the process noticed and what came out of its streams. */
export function describeEffects(effects: Effects, { stdout, stderr }: Pick<Ending, 'stdout' | 'stderr'>): CheckResult {
  const { replaced, added, thrown, open } = effects;
  const remarks = [
    ...(added.length > 0 ? [`the world adds to what the whole process shares: ${added.join(', ')}`] : []),
    ...printed('standard output, where commands with --json print one document', stdout.describe()),
    ...printed('standard error', stderr.describe()),
  ];
  const shown = remarks.length > 0 ? { remarks } : {};
  const fault = faultOf(replaced, thrown, open);
  if (fault) return { name, ok: false, ...fault, ...shown };
  return { name, ok: true, detail: 'the world leaves globals, timers and the process alone', ...shown };
}

function printed(where: string, what: string | undefined): string[] {
  return what === undefined ? [] : [`the world prints to ${where}: ${what}`];
}

function faultOf(
  replaced: readonly string[],
  thrown: readonly string[],
  open: readonly string[],
): Pick<CheckResult, 'detail' | 'mend'> | undefined {
  if (replaced.length > 0) {
    return {
      detail: `the world replaced ${replaced.join(', ')}: expected what the whole process shares to stay as it is`,
      mend: 'write functions of your own instead of changing those of the language',
    };
  }
  if (thrown.length > 0) {
    return {
      detail: `${thrown.join('; ')}: expected nothing to happen outside the calls of the world`,
      mend: 'let methods do their work before they return, without promises and timers',
    };
  }
  if (open.length > 0) {
    return {
      detail: `the world leaves ${open.join(', ')} running: expected a program that used it to end by itself`,
      mend: 'do without timers, servers and watchers, or call unref() on them',
    };
  }
  return undefined;
}
