/** `reverie record`: plays one episode and keeps it in a file that `replay` and `export` read. */
import { type Command, Option } from 'commander';
import { UsageError } from '../../../shared/errors.ts';
import type { Difficulty } from '../../../shared/world.ts';
import type { Controller } from '../../evaluation/controller.ts';
import type { EpisodeRequest } from '../../recording/recordEpisode.ts';
import type { CommandContext } from '../commandContext.ts';
import { integer, seed } from '../options.ts';

interface RecordOptions {
  readonly world: string;
  readonly seed: number;
  readonly behaviour: 'scripted' | 'random' | 'agent';
  readonly agent?: string;
  readonly task?: boolean;
  readonly difficulty?: Difficulty;
  readonly steps?: number;
  readonly vary?: readonly string[];
  readonly out: string;
}

export function addRecordCommand(program: Command, { output, clock }: CommandContext): void {
  program
    .command('record')
    .description('play one episode and keep it, to be replayed and exported')
    .requiredOption('--world <world>', 'id of a world, or path or package of a module')
    .option('--seed <seed>', 'determines the episode and every draw', seed, 0)
    .addOption(
      new Option('--behaviour <behaviour>', 'who acts').choices(['scripted', 'random', 'agent']).default('scripted'),
    )
    .option('--agent <directory>', "directory of the agent that acts (default: the world's shipped weights)")
    .option('--task', 'play the task of the seed, as agents always do')
    .addOption(new Option('--difficulty <difficulty>', 'how far its goal lies').choices(['easy', 'default', 'hard']))
    .option('--steps <count>', 'steps to play at most', integer(1, 10_000_000))
    .option('--vary <factor...>', 'NAME: the seed draws its value; NAME=VALUE: it has this one')
    .requiredOption('--out <file>', 'file to write')
    .action(async (options: RecordOptions) => {
      const { behaviour } = options;
      if (options.agent !== undefined && behaviour !== 'agent')
        throw new UsageError(`--agent names who acts, but --behaviour is ${behaviour}; leave one out`);
      if (options.difficulty !== undefined && behaviour !== 'agent' && !options.task)
        throw new UsageError('--difficulty is how far the goal of a task lies; add --task');
      const { recordFreely } = await import('../../recording/recordEpisode.ts');
      const { writeRecording } = await import('../../recording/recordingFile.ts');
      const request = await requestOf(options);
      const { recording, result } =
        behaviour === 'agent' || options.task
          ? await playTask(options, request)
          : { recording: recordFreely(request, behaviour), result: undefined };
      await writeRecording(options.out, recording);
      const { world, steps } = recording.header;
      const report = { file: options.out, world: world.id, behaviour, seed: options.seed, steps };
      const success = result && { moderate: result.moderate, strict: result.strict };
      output.report(success ? { ...report, success } : report, () => {
        const end = success ? `, the goal ${success.moderate ? 'reached' : 'not reached'}` : '';
        return `${steps} steps of ${world.id} are in ${options.out}${end}`;
      });
    });

  async function requestOf(options: RecordOptions): Promise<EpisodeRequest> {
    const { loadWorld } = await import('../../../envs/registry.ts');
    const { weightsDirectory } = await import('../../agent/weightsDirectory.ts');
    const { parseVariationPlan, variationOf } = await import('../../data/variationPlan.ts');
    const { actorOf } = await import('../../recording/actorOf.ts');
    const definition = await loadWorld(options.world);
    const { id, factors = {} } = definition.spec;
    return {
      definition,
      source: options.world,
      variation: variationOf(parseVariationPlan(options.vary ?? [], factors), factors, options.seed),
      seed: options.seed,
      actor: await actorOf(options.behaviour, options.seed, options.agent ?? weightsDirectory(id)),
      clock,
      ...(options.steps === undefined ? {} : { steps: options.steps }),
    };
  }

  async function playTask(options: RecordOptions, request: EpisodeRequest) {
    const { createWorld } = await import('../../../envs/validateDefinition.ts');
    const { recordTask } = await import('../../recording/recordEpisode.ts');
    const { definition, variation, seed } = request;
    const task = createWorld(definition, variation).task(seed, options.difficulty);
    const { controller, dispose } = await controllerOf(options, definition.spec.id);
    try {
      return await recordTask(request, task, controller);
    } finally {
      await dispose();
    }
  }

  async function controllerOf(
    { world, behaviour, seed, agent: given }: RecordOptions,
    worldId: string,
  ): Promise<{ controller: Controller; dispose: () => Promise<void> }> {
    const { randomController, scriptedController } = await import('../../evaluation/blindControllers.ts');
    const nothing = async (): Promise<void> => {};
    if (behaviour === 'random') return { controller: randomController(seed), dispose: nothing };
    if (behaviour === 'scripted') return { controller: scriptedController(seed), dispose: nothing };
    const { weightsDirectory } = await import('../../agent/weightsDirectory.ts');
    const { loadLatentAgent } = await import('../../agent/latentAgent.ts');
    const { agentController } = await import('../../evaluation/planningControllers.ts');
    const { agentSolver } = await import('../../evaluation/agentSolver.ts');
    const directory = given ?? weightsDirectory(worldId);
    const agent = await loadLatentAgent({ directory, world, solver: await agentSolver(directory) });
    return { controller: agentController(agent, seed, clock), dispose: () => agent.dispose() };
  }
}
