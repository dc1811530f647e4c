import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkWorld } from '../../envs/conformance/checkWorld.ts';
import { loadWorld, worldIds } from '../../envs/registry.ts';
import { UsageError, WorldError } from '../../shared/errors.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reverie-world-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function moduleOf(name: string, source: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, source);
  return path;
}

describe('loadWorld', () => {
  it('finds every built-in world by its id', async () => {
    expect(worldIds()).toEqual(['push-t', 'two-room', 'cart-pole', 'puck', 'rope', 'lander']);
    for (const id of worldIds()) expect((await loadWorld(id)).spec.id).toBe(id);
  });

  it('names the worlds that there are when it knows no such world', async () => {
    for (const unknown of ['push-q', 'toString', '', '/no/such/file.ts', tmpdir()]) {
      const error = await loadWorld(unknown).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UsageError);
      expect(String(error)).toContain('push-t, two-room, cart-pole, puck, rope, lander');
    }
  });

  it('loads a world of plain JavaScript from outside the repository, and it conforms', async () => {
    const path = await moduleOf('drifter.mjs', drifter);
    const definition = await loadWorld(path);
    expect(definition.spec.id).toBe('drifter');
    expect((await checkWorld(definition)).filter(({ ok }) => !ok)).toEqual([]);
  });

  it('loads a world that builds on the base for matter-js worlds', async () => {
    const twoRoom = pathToFileURL(join(import.meta.dirname, '../../envs/worlds/two-room/twoRoom.ts')).href;
    const path = await moduleOf(
      'renamed.ts',
      `import twoRoom from '${twoRoom}';
       export default { spec: { ...twoRoom.spec, id: 'two-room-again' }, create: twoRoom.create };`,
    );
    expect((await loadWorld(path)).spec.id).toBe('two-room-again');
  });

  it.each([
    ['nothing.mjs', 'export const world = 1;', /default export must be \{ spec, create \}/],
    ['syntax.mjs', 'export default {', /doesn't load/],
    ['throws.mjs', "throw new Error('no licence');", /doesn't load: no licence/],
    ['id.mjs', `${drifterSpec()} export default { spec: { ...spec, id: 'My World' }, create() {} };`, /wrong at 'id'/],
    [
      'keys.mjs',
      `${drifterSpec()} export default { spec: { ...spec, controls: { rest: { action: [0] }, north: { label: 'up', action: [1] } } }, create() {} };`,
      /wrong at 'controls': must name only rest, up, left, down and right/,
    ],
    [
      'stray.mjs',
      `${drifterSpec()} export default { spec: { ...spec, controls: { rest: { action: [0] }, up: { label: 'up', action: [9, 9, 9] } } }, create() {} };`,
      /wrong at 'controls.up.action': must be an action of the space, not \[9,9,9\]/,
    ],
    [
      'unlabelled.mjs',
      `${drifterSpec()} export default { spec: { ...spec, controls: { rest: { action: [0] }, up: { action: [0] } } }, create() {} };`,
      /wrong at 'controls.up.label': must be a word or three/,
    ],
    [
      'box.mjs',
      `${drifterSpec()} export default { spec: { ...spec, action: { kind: 'box', low: [1], high: [0] } }, create() {} };`,
      /wrong at 'action'/,
    ],
    [
      'color.mjs',
      `${drifterSpec()} export default { spec: { ...spec, background: 'white' }, create() {} };`,
      /'background': must be a colour/,
    ],
  ])('refuses %s in a sentence', async (name, source, message) => {
    const error = await loadWorld(await moduleOf(name, source)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WorldError);
    expect(String(error)).toMatch(message);
  });
});

function drifterSpec(): string {
  return `const spec = {
    id: 'drifter', version: 1, title: 'Drifter', description: 'A dot on a line.',
    action: { kind: 'discrete', count: 3 }, arena: { width: 64, height: 64 }, stepSeconds: 0.1, subSteps: 1, budget: 20,
    quantities: { x: { unit: 'units', kind: 'position' } }, objects: [{ name: 'dot', color: '#000000' }], background: '#ffffff',
  };`;
}

/** A whole world without any of our code: a dot that steps left, stays, or steps right. */
const drifter = `${drifterSpec()}
class Drifter {
  spec = spec; x = 30; steps = 0;
  reset(seed) { this.place({ x: 10 + ((seed * 7) % 40) }); }
  place({ x }) { this.x = x; this.steps = 0; }
  step([choice, ...rest]) {
    if (rest.length > 0 || ![0, 1, 2].includes(choice)) throw new Error('no such choice');
    this.x = Math.min(60, Math.max(3, this.x + (choice - 1) * 2));
    return { terminated: false, truncated: ++this.steps >= spec.budget };
  }
  frame() {
    const frame = new Uint8Array(64 * 64 * 3).fill(255);
    frame.fill(0, (32 * 64 + this.x) * 3, (32 * 64 + this.x + 1) * 3);
    return frame;
  }
  state() { return { x: this.x }; }
  snapshot() { return { world: spec.id, x: this.x, steps: this.steps }; }
  restore({ x, steps }) { this.x = x; this.steps = steps; }
  task(seed, difficulty = 'default') { return { seed, difficulty, start: { x: 20 }, goal: { x: 40 }, budget: 20 }; }
  achieved(state, goal) { return Math.abs(state.x - goal.x) <= 2; }
  distance(state, goal) { return Math.abs(state.x - goal.x); }
  behaviour(random) { return { act: () => [random.chance(0.8) ? 2 : 0] }; }
  scene() {
    return [{ kind: 'circle', name: 'dot', color: '#000000', fixed: false, pose: { x: this.x, y: 32, angle: 0 }, radius: 0.5 }];
  }
}
export default { spec, create: () => new Drifter() };`;
