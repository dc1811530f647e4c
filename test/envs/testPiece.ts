/**
 * A world of one ball that flies freely, for the tests of the base for matter-js worlds: each test says what is
 * different about the rules.
 */
import Matter from 'matter-js';
import type { MatterRules } from '../../envs/matter/matterRules.ts';
import { MatterWorld } from '../../envs/matter/matterWorld.ts';
import type { State, WorldSpec } from '../../shared/world.ts';

export const quantity = { unit: 'units', kind: 'position' } as const;

export const spec: WorldSpec = {
  id: 'test-piece',
  version: 1,
  title: 'Test piece',
  description: 'One ball and whatever a test puts beside it.',
  action: { kind: 'box', low: [-1], high: [1] },
  arena: { width: 200, height: 200 },
  stepSeconds: 1 / 60,
  subSteps: 1,
  budget: 1000,
  quantities: { x: quantity, y: quantity, vx: quantity, vy: quantity, angle: quantity, spin: quantity },
  objects: [{ name: 'ball', color: '#d6006c' }],
  background: '#ffffff',
};

export const atRest = { x: 100, y: 50, vx: 0, vy: 0, angle: 0, spin: 0 };

export const ballOf = ({ x = 0, y = 0, vx = 0, vy = 0, angle = 0, spin = 0 }: State) => ({
  x,
  y,
  angle,
  velocity: { x: vx, y: vy },
  angularVelocity: spin,
});

export function freeBall(): Matter.Body {
  return Matter.Bodies.circle(0, 0, 6, { label: 'ball', frictionAir: 0 });
}

/** The rules of a ball that flies freely, but for what is given. */
export function rulesOf(rules: Partial<MatterRules>): MatterRules {
  return {
    build: () => ({ bodies: [freeBall()] }),
    start: () => atRest,
    poses: (state) => ({ ball: ballOf(state) }),
    read(bodies) {
      const { position, velocity, angle, angularVelocity } = bodies('ball');
      return { x: position.x, y: position.y, vx: velocity.x, vy: velocity.y, angle, spin: angularVelocity };
    },
    drive() {},
    scene: ({ x = 0, y = 0 }) => [
      { kind: 'circle', name: 'ball', color: '#d6006c', fixed: false, pose: { x, y, angle: 0 }, radius: 6 },
    ],
    achieved: () => false,
    distance: () => 0,
    behaviour: () => ({ act: () => [0] }),
    task: (seed, difficulty) => ({ seed, difficulty, start: atRest, goal: atRest, budget: 1 }),
    ...rules,
  };
}

export function worldOf(rules: Partial<MatterRules>): MatterWorld {
  return new MatterWorld(spec, rulesOf(rules));
}
