/** `reverie check`: whether a world keeps the contract of `shared/world.ts`; the first thing to run on a plug-in. */
import type { Command } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { table } from '../output.ts';

export function addCheckCommand(program: Command, { output, clock, setExitCode }: CommandContext): void {
  program
    .command('check')
    .description('check that a world keeps its contract')
    .argument('<world>', 'id of a world or path of a module')
    .action(async (idOrPath: string) => {
      const { loadWorld } = await import('../../../envs/registry.ts');
      const { checkWorld } = await import('../../../envs/conformance/checkWorld.ts');
      const definition = await loadWorld(idOrPath);
      const checks = await checkWorld(definition, clock);
      const ok = checks.every((check) => check.ok);
      output.report({ world: definition.spec.id, ok, checks }, () =>
        table(checks.map(({ name, ok, detail }) => [ok ? 'ok' : 'FAILED', name, detail])),
      );
      setExitCode(ok ? 0 : 1);
    });
}
