/** `reverie engines`: what can run the networks on this machine, and why the rest cannot. */
import { rm } from 'node:fs/promises';
import type { Command } from 'commander';
import type { EngineStatus } from '../../../models/tensor/engines.ts';
import type { EngineChoice } from '../../engine/chooseEngine.ts';
import type { CommandContext } from '../commandContext.ts';
import { table } from '../output.ts';

interface EnginesOptions {
  readonly clearCache: boolean;
  readonly measure: boolean;
}

export function addEnginesCommand(program: Command, { output }: CommandContext): void {
  program
    .command('engines')
    .description('list what can run the networks on this machine')
    .option('--clear-cache', 'first remove the optimised graphs of earlier runs', false)
    .option('--measure', 'choose again which engine "auto" is', false)
    .action(async ({ clearCache, measure }: EnginesOptions) => {
      const { listEngines } = await import('../../../models/tensor/engines.ts');
      const { automaticEngine } = await import('../../engine/openEngine.ts');
      if (clearCache) await clear((text) => output.note(text));
      const engines = await listEngines();
      const auto = await automaticEngine(measure, engines);
      output.report({ engines, auto }, () => describe(engines, auto));
    });
}

async function clear(note: (text: string) => void): Promise<void> {
  const { graphCacheDirectory } = await import('../../files/userCacheDirectory.ts');
  const directory = graphCacheDirectory();
  await rm(directory, { recursive: true, force: true });
  note(`removed the optimised graphs in ${directory}`);
}

function describe(engines: readonly EngineStatus[], auto: EngineChoice): string {
  const lines = table([
    ['ENGINE', 'AVAILABLE', 'DEVICE', 'REASON'],
    ...engines.map(({ name, available, device, reason }) => [
      name,
      available ? 'yes' : 'no',
      device ?? '',
      reason ?? '',
    ]),
  ]);
  return `${lines}\n\nauto is ${auto.engine}: ${auto.why}`;
}
