/** `reverie new-world`: the template of a world, to begin one's own from. */
import { relative } from 'node:path';
import type { Command } from 'commander';
import type { CommandContext } from '../commandContext.ts';

export function addNewWorldCommand(program: Command, { output }: CommandContext): void {
  program
    .command('new-world')
    .description('write the template of a world into a new folder')
    .argument('<folder>', 'the folder to make; its last name becomes the id of the world')
    .action(async (folder: string) => {
      const { writeTemplate } = await import('../../../envs/plugin/writeTemplate.ts');
      const path = await writeTemplate(folder);
      output.report({ path }, () => nextSteps(path));
    });
}

function nextSteps(path: string): string {
  const fromHere = relative('', path);
  const shown = fromHere.startsWith('..') ? path : `./${fromHere}`;
  return [
    `A small world that works is in ${shown}/world.ts. Next:`,
    `  npm run -s reverie -- check ${shown}`,
    `  npm run -s reverie -- train --world ${shown} --minutes 10 --out ${shown}/agent`,
    `  npm run -s reverie -- evaluate --world ${shown} --agent ${shown}/agent`,
    `  npm run -s reverie -- serve --world ${shown} --agent ${shown}/agent`,
  ].join('\n');
}
