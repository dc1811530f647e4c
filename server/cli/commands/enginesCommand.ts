/** `reverie engines`: what can run the networks on this machine, and why the rest cannot. */
import type { Command } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { table } from '../output.ts';

export function addEnginesCommand(program: Command, { output }: CommandContext): void {
  program
    .command('engines')
    .description('list what can run the networks on this machine')
    .action(async () => {
      const { listEngines } = await import('../../../models/tensor/engines.ts');
      const engines = await listEngines();
      output.report({ engines }, () =>
        table([
          ['ENGINE', 'AVAILABLE', 'DEVICE', 'REASON'],
          ...engines.map(({ name, available, device, reason }) => [
            name,
            available ? 'yes' : 'no',
            device ?? '',
            reason ?? '',
          ]),
        ]),
      );
    });
}
