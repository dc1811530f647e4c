/** What a process that ended in the middle of a check says about its world, as that check's result. */
import type { CheckResult } from '../../envs/conformance/checkWorld.ts';
import type { Ending } from './containedProcess.ts';
import type { Job } from './messages.ts';

/** The result of the check that was under way when the process ended. */
export function describeEnding(
  ending: Ending,
  { seconds, megabytes }: Pick<Job, 'seconds' | 'megabytes'>,
): CheckResult {
  const { check: name, stopped } = ending;
  const failed = { name, ok: false } as const;
  if (stopped?.reason === 'time') return { ...failed, ...hung(stopped.at, seconds) };
  if (stopped?.reason === 'idle') return { ...failed, ...waiting('nothing was left to do') };
  if (stopped?.reason === 'memory') return { ...failed, ...grown(`${stopped.amount} MB`, stopped.at, megabytes) };
  if (stopped?.reason === 'exit') return { ...failed, ...exited(stopped.amount, stopped.at) };
  if (ending.stderr.includes('heap out of memory')) {
    return { ...failed, ...grown('more than its heap can hold', undefined, megabytes) };
  }
  return { ...failed, ...died(ending) };
}

type Words = Pick<CheckResult, 'detail' | 'mend'>;

function hung(at: string | undefined, seconds: number): Words {
  if (at === undefined) return waiting(`nothing came for ${seconds} s and no code was running`);
  return {
    detail: `no end after ${seconds} s, in ${at}: expected the check to be through by then`,
    mend: 'look there for a loop that nothing ends; a world that is only slow is given longer with --timeout SECONDS',
  };
}

function waiting(seen: string): Words {
  return {
    detail: `${seen}: expected an answer`,
    mend: 'the module waits for what never comes: look for an `await` of a promise that nothing settles',
  };
}

function grown(held: string, at: string | undefined, megabytes: number): Words {
  const place = at === undefined ? '' : `, in ${at}`;
  return {
    detail: `the process came to hold ${held}${place}: expected at most ${megabytes} MB`,
    mend: 'look for what is allocated there and kept, arrays and buffers too; a world that needs more is given it with --memory MB',
  };
}

function exited(status: number, at: string | undefined): Words {
  const place = at === undefined ? '' : `, called from ${at}`;
  return {
    detail: `the process was ended with status ${status}${place}: expected the world to leave it alone`,
    mend: 'throw an error instead of calling process.exit: the program that uses the world decides what happens then',
  };
}

function died({ status, signal, stderr }: Ending): Words {
  const last = stderr.lastLine();
  const words = last ? `, its last words being '${last}'` : '';
  return {
    detail: `the process died of ${signal ?? `status ${status}`}${words}: expected it to go on`,
    mend: 'something below JavaScript failed, or the system was short of memory: look at native modules that the world uses',
  };
}
