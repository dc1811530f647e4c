/** `reverie worlds`: the worlds that come with Reverie, and for which of them an agent has been trained. */
import type { Command } from 'commander';
import { dimensionsOf, type Space } from '../../../shared/space.ts';
import type { CommandContext } from '../commandContext.ts';
import { table } from '../output.ts';

interface WorldRow {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly action: string;
  /** Shapes that can move. */
  readonly bodies: number;
  readonly budget: number;
  readonly weights: boolean;
}

export function addWorldsCommand(program: Command, { output }: CommandContext): void {
  program
    .command('worlds')
    .description('list the worlds')
    .action(async () => {
      const worlds = await listWorlds();
      output.report({ worlds }, () => describe(worlds));
    });
}

async function listWorlds(): Promise<WorldRow[]> {
  const { loadWorld, worldIds } = await import('../../../envs/registry.ts');
  const { hasWeights, weightsDirectory } = await import('../../agent/weightsDirectory.ts');
  return Promise.all(
    worldIds().map(async (id) => {
      const { spec, create } = await loadWorld(id);
      const world = create();
      world.reset(0);
      return {
        id,
        title: spec.title,
        description: spec.description,
        action: describeSpace(spec.action),
        bodies: world.scene().filter((shape) => !shape.fixed).length,
        budget: spec.budget,
        weights: hasWeights(weightsDirectory(id)),
      };
    }),
  );
}

function describeSpace(space: Space): string {
  return space.kind === 'box' ? `box(${dimensionsOf(space)})` : `discrete(${space.count})`;
}

function describe(worlds: readonly WorldRow[]): string {
  return table([
    ['WORLD', 'ACTION', 'BODIES', 'BUDGET', 'WEIGHTS', 'WHAT IT IS'],
    ...worlds.map(({ id, action, bodies, budget, weights, description }) => [
      id,
      action,
      String(bodies),
      String(budget),
      weights ? 'yes' : 'no',
      description,
    ]),
  ]);
}
