/**
 * A make-believe episode for the fake server: a T and a disc that move along smooth curves between walls, and a "dream"
 * of the same curves that strays the further the older its plan is. Frames are real 64×64 drawings of the scene, so
 * that the page has something to compare.
 */
import { createCanvas } from '@napi-rs/canvas';
import { FRAME_SIZE } from '../../shared/frame.ts';
import type { ServerMessageOf, Settings } from '../../shared/protocol/control.ts';

type Shape = ServerMessageOf<'episode'>['scene'][number];

export const HORIZON = 16;
export const BUDGET = 60;
/** What a page may choose from; all of them look as below. */
export const WORLDS = [
  { id: 'push-t', title: 'Push the T', description: 'A disc pushes a T-shaped block to where it belongs.' },
  { id: 'two-room', title: 'Two rooms', description: 'A disc must find the door between two rooms.' },
];

const ARENA = 100;
const BACKGROUND = '#f4f1ea';

const block = (x: number, y: number, width: number, height: number): Shape => ({
  kind: 'polygon',
  name: 'wall',
  color: '#4a4e57',
  fixed: true,
  pose: { x, y, angle: 0 },
  vertices: [
    { x: -width / 2, y: -height / 2 },
    { x: width / 2, y: -height / 2 },
    { x: width / 2, y: height / 2 },
    { x: -width / 2, y: height / 2 },
  ],
});

const walls = [block(50, 1, 100, 2), block(50, 99, 100, 2), block(1, 50, 2, 100), block(99, 50, 2, 100)];

/** The scene at a step; `stray` moves the movable shapes off the true curve. */
export function sceneAt(step: number, seed: number, stray = 0): Shape[] {
  const t = step / 18 + seed;
  return [
    ...walls,
    {
      kind: 'polygon',
      name: 'tee',
      color: '#3b6fb6',
      fixed: false,
      pose: { x: 50 + 20 * Math.cos(t) + stray, y: 52 + 16 * Math.sin(t), angle: t + stray / 20 },
      vertices: [
        { x: -16, y: -8 },
        { x: 16, y: -8 },
        { x: 16, y: 0 },
        { x: 4, y: 0 },
        { x: 4, y: 20 },
        { x: -4, y: 20 },
        { x: -4, y: 0 },
        { x: -16, y: 0 },
      ],
    },
    {
      kind: 'circle',
      name: 'agent',
      color: '#c2463a',
      fixed: false,
      radius: 6,
      pose: { x: 50 + 34 * Math.cos(t * 1.3 + 2) - stray, y: 50 + 32 * Math.sin(t * 1.7) + stray, angle: 0 },
    },
  ];
}

/** The message that begins an episode. */
export function episodeOf(settings: Settings): ServerMessageOf<'episode'> {
  return {
    type: 'episode',
    serial: 1,
    settings,
    arena: { width: ARENA, height: ARENA },
    background: BACKGROUND,
    stepSeconds: 0.1,
    budget: BUDGET,
    controls: { up: 'up', left: 'left', down: 'down', right: 'right' },
    scene: sceneAt(0, settings.seed),
    goal: sceneAt(BUDGET, settings.seed),
    grips: [4, 5].map((shape) => ({ shapes: [shape], x: true, y: true, turns: shape === 4, asked: shape === 4 })),
  };
}

/** x, y, angle of every shape. */
export function posesOf(scene: readonly Shape[]): Float32Array {
  return Float32Array.from(scene.flatMap(({ pose }) => [pose.x, pose.y, pose.angle]));
}

/** The scene as 64×64 RGBA. */
export function draw(scene: readonly Shape[]): Uint8Array {
  const context = createCanvas(FRAME_SIZE, FRAME_SIZE).getContext('2d');
  context.fillStyle = BACKGROUND;
  context.fillRect(0, 0, FRAME_SIZE, FRAME_SIZE);
  context.scale(FRAME_SIZE / ARENA, FRAME_SIZE / ARENA);
  for (const shape of scene) {
    context.save();
    context.translate(shape.pose.x, shape.pose.y);
    context.rotate(shape.pose.angle);
    context.fillStyle = shape.color;
    context.beginPath();
    if (shape.kind === 'circle') context.arc(0, 0, shape.radius, 0, 2 * Math.PI);
    else for (const { x, y } of shape.vertices) context.lineTo(x, y);
    context.fill();
    context.restore();
  }
  return new Uint8Array(context.getImageData(0, 0, FRAME_SIZE, FRAME_SIZE).data);
}
