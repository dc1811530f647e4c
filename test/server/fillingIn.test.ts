/**
 * Filling in what was painted over: by a shipped agent, exact where nothing was painted; over real sockets, for the page
 * that asked alone, one request at a time; and everything that is no such request.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { hiddenRectangle } from '../../models/diffusion/editing/inpaint.ts';
import type { Agent } from '../../server/agent/agent.ts';
import { loadLatentAgent } from '../../server/agent/latentAgent.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { type Asker, FillingIn } from '../../server/live/fillingIn.ts';
import { WeightsError } from '../../shared/errors.ts';
import { FRAME_BYTES, type Frame } from '../../shared/frame.ts';
import type { ServerMessage } from '../../shared/protocol/control.ts';
import { frameOfText, frameToText, maskToText } from '../../shared/protocol/pixels.ts';
import { fakeAgent } from './fakeAgent.ts';
import { goesOn, liveServerUnderTest } from './liveServerUnderTest.ts';

const frame: Frame = Uint8Array.from({ length: FRAME_BYTES }, (_, i) => i % 251);
const hidden = hiddenRectangle({ x: 4, y: 5, width: 6, height: 7 });
const request = {
  type: 'fill',
  frame: frameToText(frame),
  hidden: maskToText(hidden),
  guide: 'visible',
  seed: 7,
  samples: 2,
} as const;
const outside = (filled: Frame) => filled.filter((_, at) => hidden[Math.floor(at / 3)] === 0);

describe('a shipped agent', { timeout: 60_000 }, () => {
  let agent: Agent;
  let truth: Frame;
  beforeAll(async () => {
    agent = await loadLatentAgent({ directory: weightsDirectory('two-room'), threads: 1 });
    const world = (await loadWorld('two-room')).create();
    world.reset(11);
    truth = Uint8Array.from(world.frame());
  }, 60_000);
  afterAll(() => agent.dispose());

  test.each(['visible', 'whole'] as const)(
    'fills in by the %s frame, the same for a seed, and keeps all else',
    async (guide) => {
      const wall = hiddenRectangle({ x: 26, y: 4, width: 12, height: 16 });
      const filled = await agent.fill({ frame: truth, hidden: wall, guide, steps: 2, seed: 3 });
      expect(filled.every((byte, at) => wall[Math.floor(at / 3)] === 1 || byte === truth[at])).toBe(true);
      expect(await agent.fill({ frame: truth, hidden: wall, guide, steps: 2, seed: 3 })).toEqual(filled);
      expect(await agent.fill({ frame: truth, hidden: wall, guide, steps: 2, seed: 4 })).not.toEqual(filled);
      // The wall is where no ball can move it: the painter puts it back.
      const errors = filled
        .map((byte, at) => Math.abs(byte - (truth[at] ?? 0)))
        .filter((_, at) => wall[Math.floor(at / 3)]);
      expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(10);
    },
  );
});

describe('filling in', () => {
  function asker(): Asker & { readonly told: ServerMessage[]; abort(): void } {
    const gone = new AbortController();
    const told: ServerMessage[] = [];
    return { told, tell: (message) => told.push(message), signal: gone.signal, abort: () => gone.abort() };
  }
  const onDefect = (error: unknown) => expect.fail(String(error));

  test('is one request at a time, and the next when it is done', async () => {
    const filling = new FillingIn();
    const filler = { agent: fakeAgent(), steps: 2, onDefect };
    const [first, second] = [asker(), asker()];
    expect(filling.begin({ ...request, request: 1 }, filler, first)).toBeUndefined();
    expect(filling.begin({ ...request, request: 1 }, filler, second)?.message).toMatch(/being filled in already/);
    await expect.poll(() => first.told.length).toBe(2);
    expect(second.told).toEqual([]);
    await expect.poll(() => filling.begin({ ...request, request: 2 }, filler, second)).toBeUndefined();
    await expect.poll(() => second.told.length).toBe(2);
  });

  test('ends with who asked, and what the agent throws is told', async () => {
    const filling = new FillingIn();
    const gone = asker();
    let calls = 0;
    const leaving = async ({ frame: given }: { frame: Frame }) => {
      calls++;
      gone.abort();
      return given;
    };
    filling.begin({ ...request, request: 1, samples: 4 }, { agent: { fill: leaving }, steps: 1, onDefect }, gone);
    await expect.poll(() => calls).toBe(1);
    const lacking = { fill: () => Promise.reject(new WeightsError('it has no renderer')) };
    const told = asker();
    await expect
      .poll(() => filling.begin({ ...request, request: 2 }, { agent: lacking, steps: 1, onDefect }, told))
      .toBeUndefined();
    await expect.poll(() => told.told).toEqual([{ type: 'error', code: 'fill', message: 'it has no renderer' }]);
    expect([calls, gone.told]).toEqual([1, []]);
  });

  test('refuses a mask that hides nothing, and where there is no agent', () => {
    const filling = new FillingIn();
    const bare = { ...request, request: 1, hidden: maskToText(new Uint8Array(4096)) };
    const filler = { agent: fakeAgent(), steps: 2, onDefect };
    expect(filling.begin(bare, filler, asker())?.message).toMatch(/Nothing is painted over/);
    const refusal = 'A recording has no agent.';
    expect(filling.begin({ ...request, request: 2 }, { refusal }, asker())).toMatchObject({
      code: 'fill',
      message: refusal,
    });
  });
});

describe('over sockets', () => {
  const { startServer, open, watch } = liveServerUnderTest();

  test('the page that asked is answered, with as many samples, and the others see nothing of it', async () => {
    await startServer({ world: 'endless' });
    const first = open();
    const { session } = await first.greet();
    const second = open();
    await second.greet(undefined, session);
    await first.until(() => first.ticks().length > 2, 'ticks');
    first.ask(request);
    await first.message('filled', ({ sample }) => sample === 1);
    const filled = first.messages.filter((message) => message.type === 'filled');
    expect(filled.map(({ request: of, sample, samples, steps }) => [of, sample, samples, steps])).toEqual([
      [1, 0, 2, 1],
      [1, 1, 2, 1],
    ]);
    for (const { frame: text } of filled) expect(outside(frameOfText(text))).toEqual(outside(frame));
    expect((await first.message('heard')).request).toBe(1);
    await goesOn(second);
    expect(second.messages.some(({ type }) => type === 'filled')).toBe(false);
  });

  test.each<[string, object]>([
    ['a frame that is too short', { frame: request.frame.slice(4) }],
    ['a frame that is too long', { frame: `${request.frame}AAAA` }],
    ['a frame that is no base64', { frame: request.frame.replace(/^..../, '<!-"') }],
    ['a mask of another size', { hidden: request.hidden.slice(4) }],
    ['a mask with its padding inside', { hidden: `=${request.hidden.slice(1)}` }],
    ['no guide that there is', { guide: 'oracle' }],
    ['a hundred samples', { samples: 100 }],
    ['no sample', { samples: 0 }],
    ['a seed below 0', { seed: -1 }],
  ])('%s is refused, and changes nothing', async (_, wrong) => {
    await startServer({ world: 'endless' });
    const page = await watch();
    page.sendRaw(JSON.stringify({ ...request, request: 1, ...wrong }));
    expect((await page.message('error')).code).toBe('bad-message');
    await goesOn(page);
    expect(page.messages.some(({ type }) => type === 'filled')).toBe(false);
  });

  test('a page that asks again and again is told that it is busy, and nobody else is held up', async () => {
    await startServer({ world: 'endless' });
    const greedy = await watch();
    const bystander = await watch();
    for (let i = 0; i < 30; i++) greedy.ask({ ...request, samples: 4 });
    await goesOn(bystander);
    await greedy.message('heard', (heard) => heard.request === 30);
    expect(greedy.closeCode).toBeUndefined();
  });
});
