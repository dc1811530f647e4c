/**
 * A recording whose world breaks down while it is replayed, over real sockets: the replay says which world and why, whatever
 * was asked of it, and everybody else goes on.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Agent } from '../../server/agent/agent.ts';
import { AgentPool } from '../../server/agent/agentPool.ts';
import { isFrames } from '../../server/live/framePipeline.ts';
import { ReplaySession } from '../../server/live/replaySession.ts';
import { SpareTime } from '../../server/live/spareTime.ts';
import { encodeRecording } from '../../server/recording/recordingCodec.ts';
import { RecordingShelf } from '../../server/recording/recordingShelf.ts';
import { ManualClock } from '../../shared/clock.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { fakeAgent } from './fakeAgent.ts';
import { fakeWorld } from './fakeWorld.ts';
import { goesOn, liveServerUnderTest } from './liveServerUnderTest.ts';
import { actionOf, recordedLine } from './recordedLine.ts';
import type { TestPage } from './testPage.ts';

const { startServer, open, watch } = liveServerUnderTest();

const LENGTH = 6;
/** The step at whose end the world breaks down. */
const FRAIL = 4;
const GOAL = 99;
const line = fakeWorld({ id: 'frail', goal: GOAL, budget: LENGTH, stepSeconds: 0.02 });

let directory: string;
let bystander: TestPage;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'frail-'));
});

afterEach(() => rm(directory, { recursive: true }));

/** A shelf with a recording of the line, which is replayed in `world`. */
async function shelved(world: WorldDefinition): Promise<{ shelf: RecordingShelf; id: string }> {
  const shelf = new RecordingShelf({ directory, worlds: new Map([[world.spec.id, world]]) });
  return { shelf, id: await shelf.keep(encodeRecording(recordedLine(line, LENGTH))) };
}

async function opened(world: WorldDefinition): Promise<TestPage> {
  const { shelf, id } = await shelved(world);
  await startServer({ world: 'endless', shelf });
  bystander = await watch();
  const viewer = open();
  await viewer.greet(undefined, undefined, id);
  return viewer;
}

async function replay(world: WorldDefinition): Promise<TestPage> {
  const viewer = await opened(world);
  await viewer.message('episode');
  return viewer;
}

/** Where the dot is after so many steps. */
const placeOf = (steps: number) => Array.from({ length: steps }, (_, i) => actionOf(i)).reduce((a, b) => a + b, 0);

/** The line, which cannot be drawn where it is after `FRAIL` steps. */
function undrawn(part: 'frame' | 'scene'): WorldDefinition {
  const create = () => {
    const world = line.create();
    const drawn = <T>(draw: () => T): T => {
      if (world.state().x === placeOf(FRAIL)) throw new TypeError(`there is no ${part}`);
      return draw();
    };
    return { ...world, [part]: () => drawn<unknown>(world[part]) };
  };
  return { ...line, create };
}

/** The line, of which nobody can say whether its task is done. */
const undecided: WorldDefinition = {
  ...line,
  create: () => ({
    ...line.create(),
    achieved: () => {
      throw new TypeError('there is no goal');
    },
  }),
};

/** The line, which cannot say where it is after `FRAIL` steps. */
const stateless: WorldDefinition = {
  ...line,
  create: () => {
    const world = line.create();
    let steps = 0;
    return {
      ...world,
      place: (state) => {
        steps = 0;
        world.place(state);
      },
      step: (action) => {
        steps++;
        return world.step(action);
      },
      state: () => {
        if (steps === FRAIL) throw new TypeError('there is no state');
        return world.state();
      },
    };
  },
};

/** The line, which cannot be placed at its goal. */
const goalless: WorldDefinition = {
  ...line,
  create: () => {
    const world = line.create();
    return {
      ...world,
      place: (state) => {
        if (state.x === GOAL) throw new TypeError('there is no such place');
        world.place(state);
      },
    };
  },
};

const failure = (reason: string) => ({
  type: 'error',
  code: 'recording',
  message: `The world 'frail' broke down: ${reason}; \`check\` it or choose another.`,
});

async function brokeDown(viewer: TestPage, reason: string): Promise<void> {
  expect(await viewer.message('error')).toEqual(failure(reason));
  await viewer.message('phase', ({ phase }) => phase === 'failed');
  await goesOn(bystander);
}

async function pause(viewer: TestPage): Promise<void> {
  viewer.ask({ type: 'transport', command: 'pause' });
  await viewer.message('phase', ({ phase }) => phase === 'paused');
}

describe('a replay whose world breaks down ends, and not the server', () => {
  test.each(['frame', 'scene'] as const)('where a step that is gone to has no %s', async (part) => {
    const viewer = await replay(undrawn(part));
    await pause(viewer);
    viewer.ask({ type: 'replay', seek: FRAIL });
    await brokeDown(viewer, `there is no ${part}`);
    viewer.forget();
    viewer.ask({ type: 'replay', seek: FRAIL - 1 });
    await viewer.until(() => viewer.ticks().at(-1)?.envStep === FRAIL - 1, 'the step before');
    await viewer.message('phase', ({ phase }) => phase === 'paused');
  });

  test('where the state of a step that is gone to is not there, and says where', async () => {
    const viewer = await replay(stateless);
    await pause(viewer);
    viewer.ask({ type: 'replay', seek: FRAIL });
    expect(await viewer.message('error')).toMatchObject({
      code: 'replay-departed',
      message: expect.stringMatching(/at step 4 of 6: .* seen is an error \(there is no state\)\.$/),
    });
    await viewer.message('phase', ({ phase }) => phase === 'failed');
    viewer.forget();
    viewer.ask({ type: 'replay', seek: FRAIL - 1 });
    await viewer.until(() => viewer.ticks().at(-1)?.envStep === FRAIL - 1, 'the step before');
    await goesOn(bystander);
  });

  test('where its goal cannot be drawn, before it begins', async () => {
    const viewer = await opened(goalless);
    expect(await viewer.message('error')).toEqual(failure('there is no such place'));
    await goesOn(bystander);
  });

  test('where a step that is played has no picture', async () => {
    await brokeDown(await replay(undrawn('frame')), 'there is no frame');
  });

  test('where it cannot say how the task ended, played to its end', async () => {
    await brokeDown(await replay(undecided), 'there is no goal');
  });

  test('where it cannot say how the task ended, gone to its end', async () => {
    const viewer = await replay(undecided);
    await pause(viewer);
    viewer.ask({ type: 'replay', seek: LENGTH });
    await brokeDown(viewer, 'there is no goal');
  });
});

test('a replay fails where the step at which it stands cannot be drawn again beside its dream', async () => {
  let drawable = true;
  const create = () => {
    const world = line.create();
    const frame = () => {
      if (!drawable) throw new TypeError('there is no frame');
      return world.frame();
    };
    return { ...world, frame };
  };
  const render: Agent['render'] = async (latents, options) => {
    drawable = false;
    return fakeAgent().render(latents, options);
  };
  const { shelf, id } = await shelved({ ...line, create });
  const clock = new ManualClock();
  const session = new ReplaySession(id, {
    agents: new AgentPool(async () => fakeAgent('frail', { render })),
    settings: { world: 'frail', seed: 3, rendererSteps: 2 },
    clock,
    spareTime: new SpareTime(clock),
    shelf,
    onDefect: (error) => expect.fail(String(error)),
  });
  const failed = session.output.pipe(filter((item) => !isFrames(item) && item.type === 'error'));
  expect(await firstValueFrom(failed)).toEqual(failure('there is no frame'));
  expect(session.health().phase).toBe('failed');
  session.close();
});
