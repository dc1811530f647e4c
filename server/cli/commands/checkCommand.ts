/**
 * `reverie check`: whether a world keeps the contract of `shared/world.ts`; the first thing to run on a plug-in. The
 * world is tried out in a process of its own, so that whatever it does is a result and not the end of the command.
 */
import { type Command, Option } from 'commander';
import type { CheckResult } from '../../../envs/conformance/checkWorld.ts';
import type { CommandContext } from '../commandContext.ts';
import { integer, listOf, numberAbove } from '../options.ts';
import type { Output } from '../output.ts';

interface CheckCommandOptions {
  readonly timeout: number;
  readonly memory: number;
  readonly quick?: boolean;
  readonly only?: string;
}

/** Less than a program with nothing in it holds. */
const leastMegabytes = 256;

export function addCheckCommand(program: Command, { output, interruption, setExitCode }: CommandContext): void {
  program
    .command('check')
    .description('check that a world keeps its contract')
    .argument('<world>', 'id of a world, path of a module, or name of a package')
    .option('--timeout <seconds>', 'time for each check', numberAbove(0), 60)
    .option('--memory <megabytes>', 'memory that the world may come to hold', integer(leastMegabytes), 1024)
    .option('--quick', 'try less of everything')
    .addOption(new Option('--only <checks>', 'names of the checks to try, separated by commas'))
    .action(async (world: string, options: CheckCommandOptions) => {
      const { checkContained, containedCheckNames } = await import('../../check/containedCheck.ts');
      const report = await checkContained(world, {
        seconds: options.timeout,
        megabytes: options.memory,
        interrupted: interruption(),
        observe: teller(output, containedCheckNames.length),
        ...(options.quick && { size: 'quick' }),
        ...(options.only !== undefined && { only: listOf(containedCheckNames)(options.only) }),
      });
      const ok = report.checks.every((check) => check.ok);
      output.report({ world: report.world, ok, checks: report.checks }, summary);
      setExitCode(ok ? 0 : 1);
    });
}

/**
 * Shows each result as it comes; with --json only how far the checks have come, since the document comes at the end.
 */
function teller(output: Output, total: number): (result: CheckResult) => void {
  if (!output.json) return (result) => output.report(result, describe);
  const progress = output.progress('checking', total);
  let done = 0;
  return ({ name }) => progress.update(++done, name);
}

function describe({ name, ok, detail, mend, remarks = [] }: CheckResult): string {
  const indent = ' '.repeat(20);
  return [
    `${ok ? 'ok' : 'FAILED'}`.padEnd(8) + name.padEnd(12) + detail,
    ...(mend === undefined ? [] : [`${indent}To mend it: ${mend}.`]),
    ...remarks.map((remark) => `${indent}Remark: ${remark}.`),
  ].join('\n');
}

function summary({ world, checks }: { readonly world: string; readonly checks: readonly CheckResult[] }): string {
  const failed = checks.filter(({ ok }) => !ok).map(({ name }) => name);
  const remarks = checks.flatMap((check) => check.remarks ?? []).length;
  const words = remarks === 0 ? 'no remarks' : remarks === 1 ? '1 remark' : `${remarks} remarks`;
  if (failed.length === 0) return `${world} keeps its contract: ${checks.length} checks, ${words}.`;
  return `${world} fails ${failed.length} of ${checks.length} checks (${failed.join(', ')}); ${words}.`;
}
