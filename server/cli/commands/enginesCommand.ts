/** `reverie engines`: what can run the networks on this machine, and why the rest cannot. */
import { rm } from 'node:fs/promises';
import type { Command } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { table } from '../output.ts';

export function addEnginesCommand(program: Command, { output }: CommandContext): void {
  program
    .command('engines')
    .description('list what can run the networks on this machine')
    .option('--clear-cache', 'first remove the optimised graphs of earlier runs', false)
    .action(async ({ clearCache }: { clearCache: boolean }) => {
      const { listEngines } = await import('../../../models/tensor/engines.ts');
      if (clearCache) {
        const { graphCacheDirectory } = await import('../../files/userCacheDirectory.ts');
        const directory = graphCacheDirectory();
        await rm(directory, { recursive: true, force: true });
        output.note(`removed the optimised graphs in ${directory}`);
      }
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
