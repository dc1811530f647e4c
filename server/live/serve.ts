/**
 * Puts the live server together from real parts: worlds of the registry, agents in processes of their own, the built
 * page, a secret for this process.
 */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { loadWorld, worldIds } from '../../envs/registry.ts';
import type { Clock } from '../../shared/clock.ts';
import { DataError, WeightsError } from '../../shared/errors.ts';
import type { Settings } from '../../shared/protocol/control.ts';
import type { Agent } from '../agent/agent.ts';
import { readAgentCard } from '../agent/agentCard.ts';
import { readAgentFiles } from '../agent/agentFiles.ts';
import { AgentPool } from '../agent/agentPool.ts';
import { lacksRenderer } from '../agent/lacksRenderer.ts';
import { checkPainting, givenPainting, type PaintingOptions } from '../agent/paintingOptions.ts';
import { startProcessAgent } from '../agent/processAgent.ts';
import { refuseOtherWorld } from '../agent/refuseOtherWorld.ts';
import { warmUp } from '../agent/warmUp.ts';
import { hasWeights, weightsDirectory } from '../agent/weightsDirectory.ts';
import { worldSource } from '../data/worldSource.ts';
import { LiveRecordings } from '../recording/liveRecordings.ts';
import { RecordingShelf } from '../recording/recordingShelf.ts';
import { TrainingRuns } from '../training/runs/trainingRuns.ts';
import { accessToken } from './accessToken.ts';
import { addressesOf } from './addresses.ts';
import { builtPage } from './builtPage.ts';
import { defaultLiveServerConfig, startLiveServer } from './liveServer.ts';
import type { Worlds } from './liveSessionOptions.ts';
import { readPageFiles } from './pageFiles.ts';

/** A core is left to the browser, which mostly looks on from the same machine and should not stutter while an agent thinks. */
const AGENT_THREADS = Math.max(1, availableParallelism() - 1);

export interface ServeRequest extends PaintingOptions {
  /** Id of a world or path of a module to begin with; by default the agent's, or the first that has one. */
  readonly world?: string;
  readonly host: string;
  readonly port: number;
  /** Directory of the agent of that world; its shipped weights when left out. */
  readonly agent?: string;
  /** Name of the engine that the agents run on, or `auto`; the CPU's unless told. */
  readonly engine?: string;
  /**
   * Where recordings are kept, those that people make in the page and, with `every`, every episode; told of recordings
   * that cannot be written.
   */
  readonly record: {
    readonly directory: string;
    readonly every: boolean;
    readonly onFailure: (error: unknown) => void;
  };
  /** Where trainings that people begin in the page are kept; nobody can train without it. */
  readonly training?: string;
  readonly clock: Clock;
  /** Ends the server. */
  readonly until: AbortSignal;
  /** Told what is being prepared, and of defects. */
  readonly note: (text: string) => void;
  /** Told the addresses as soon as the server answers there, the one for this machine first. */
  readonly onListening: (addresses: readonly [string, ...string[]]) => void;
}

/**
 * Serves until it is told to stop.
 * @throws UsageError when the world is unknown, the agent is of another, or the token of the environment is no good;
 * ServerError when the port is in use or the page does not build; DataError when episodes cannot be recorded.
 */
export async function serve(request: ServeRequest): Promise<void> {
  const { world, host, port, clock, until, note, onListening } = request;
  const token = accessToken(process.env.REVERIE_TOKEN);
  const given = request.agent === undefined ? undefined : await readAgentCard(request.agent);
  const name = world ?? given?.world.id;
  const first = name === undefined ? undefined : await loadWorld(name);
  if (request.agent !== undefined && given && first) refuseOtherWorld(request.agent, given.world, first.spec);
  const directoryOf = (worldId: string): string =>
    request.agent !== undefined && worldId === first?.spec.id ? request.agent : weightsDirectory(worldId);
  const builtIn = await Promise.all(worldIds().map(loadWorld));
  const worlds: Worlds = new Map([...builtIn, ...(first ? [first] : [])].map((each) => [each.spec.id, each]));
  const begun = first?.spec.id ?? defaultWorld(worlds);
  await refuseUntrained(directoryOf(begun), name ?? begun, request);
  // Worlds are built in but for the first, which may be a module.
  const sources = new Map(first === undefined || world === undefined ? [] : [[first.spec.id, world]]);
  const recordings = await openRecordings(request, sources);
  const settings: Settings = { world: begun, seed: 0, rendererSteps: 2 };
  const agents = new AgentPool((worldId) =>
    startAgent(worldId, directoryOf(worldId), { ...request, world: sources.get(worldId) ?? worldId }, recordings),
  );
  try {
    // Meanwhile the page may have to be built. What goes wrong here, the first session says.
    agents.warm(begun, (agent) => warmUp(agent, settings.rendererSteps)).catch(() => {});
    const page = await readPageFiles(await builtPage(note));
    const server = await startLiveServer(
      {
        worlds,
        agents,
        page,
        settings,
        clock,
        ...(recordings && request.record.every ? { record: (...begun) => recordings.begin(...begun) } : {}),
        ...(recordings ? { recordings, shelf: new RecordingShelf({ ...request.record, worlds }) } : {}),
        ...(request.training !== undefined && {
          trainings: new TrainingRuns({
            directory: request.training,
            worlds: new Map([...worlds.keys()].map((id) => [id, sources.get(id) ?? id])),
            engine: request.engine ?? 'cpu',
            today: () => new Date(),
          }),
        }),
        onDefect: (error) => note(`A session failed: ${error instanceof Error ? error.stack : String(error)}`),
      },
      { ...defaultLiveServerConfig, host, port, token },
    );
    onListening(addressesOf({ host, port: server.port, token }));
    if (!until.aborted) await once(until, 'abort');
    await server.close();
    await recordings?.settled();
  } finally {
    await agents.settled();
  }
}

/** Says at once what a session would say later. */
async function refuseUntrained(directory: string, world: string, request: PaintingOptions): Promise<void> {
  const asked = givenPainting(request);
  if (Object.keys(asked).length === 0 || !hasWeights(directory)) return;
  const { renderer } = await readAgentFiles(directory);
  if (!renderer) throw lacksRenderer(directory, world);
  checkPainting(asked, renderer);
}

/** Where nothing can be written people can still watch, unless they have asked that every episode be recorded. */
async function openRecordings(
  { record, clock, note }: ServeRequest,
  sources: ReadonlyMap<string, string>,
): Promise<LiveRecordings | undefined> {
  try {
    return await LiveRecordings.open({ ...record, clock, sources });
  } catch (error) {
    if (record.every || !(error instanceof DataError)) throw error;
    note(`${error.message}; the page records nothing until then`);
    return undefined;
  }
}

async function startAgent(
  worldId: string,
  directory: string,
  { world, engine, ...painting }: ServeRequest,
  recordings: LiveRecordings | undefined,
): Promise<Agent> {
  if (!hasWeights(directory))
    throw new WeightsError(
      `No agent has been trained for '${worldId}'; train one with \`npm run -s reverie -- train --world ${worldId}\`, or choose another world.`,
    );
  await recordings?.noteAgent(worldId, directory);
  return startProcessAgent({
    directory,
    threads: AGENT_THREADS,
    world: await worldSource(world ?? worldId),
    ...(engine !== undefined && { engine }),
    ...givenPainting(painting),
  });
}

function defaultWorld(worlds: Worlds): string {
  const ids = [...worlds.keys()];
  return ids.find((id) => hasWeights(weightsDirectory(id))) ?? (ids[0] as string);
}
