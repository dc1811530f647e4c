/**
 * The promises about the scene, which the page draws: every object of the spec is one of its shapes, in its colour and
 * able to move; shapes are sound and keep their order; and the frame shows the same, since both are drawings of the
 * same state and must not disagree.
 */
import type { Shape } from '../../shared/scene.ts';
import { whyUndrawable } from '../../shared/undrawable.ts';
import { drawScene } from '../drawScene.ts';
import { colorMasks } from './colorMasks.ts';
import { Fault } from './fault.ts';
import { play, playEpisode, seeds } from './playing.ts';
import type { Subject } from './subject.ts';

/** Pixels by which frame and scene may show a colour's middle apart. */
const apart = 2;

/** Every visible object is a shape of the scene in its colour, the scene keeps its order, and the frame shows it. */
export function checkScene(subject: Subject): string {
  const world = subject.world();
  world.reset(0);
  const names = world.scene().map(({ name }) => name);
  for (const { name, color } of subject.spec.objects) {
    const shape = world.scene().find((candidate) => candidate.name === name);
    const listed = `the scene has ${names.join(', ') || 'no shape'}`;
    if (!shape) throw new Fault(`the object '${name}' is no shape of the scene`, 'a shape of that name', listed);
    if (shape.color !== color) {
      const mend = 'give the shape the colour that the spec names, in lower case';
      throw new Fault(`the shape '${name}' is ${shape.color}`, `${color}, as the spec says`, mend);
    }
    if (shape.fixed) {
      const mend = 'set fixed: false, or take it out of spec.objects';
      throw new Fault(`the shape '${name}' is fixed`, "the spec's objects to be able to move", mend);
    }
  }
  for (const seed of seeds.slice(0, 2)) {
    playEpisode(world, seed, 'scripted', subject.amount(60), (_, step) => {
      for (const shape of world.scene()) expectSound(shape, `step ${step} of seed ${seed}`);
    });
    world.place(world.task(seed).goal);
    for (const shape of world.scene()) expectSound(shape, `the goal of task ${seed}`);
  }
  play(world, 0);
  const later = world.scene().map(({ name }) => name);
  if (later.join() !== names.join()) {
    const seen = `the scene's shapes became ${later.join(', ')}`;
    throw new Fault(seen, `${names.join(', ')} in this order`, 'always give all shapes, in the order of drawing');
  }
  const furthest = expectAgreement(subject);
  return `the scene has ${names.join(', ')}; scene and frame agree within ${furthest.toFixed(1)} pixels`;
}

function expectSound(shape: Shape, where: string): void {
  const what = `the shape '${shape.name}' at ${where}`;
  const why = whyUndrawable(shape);
  if (why) throw new Fault(`${what} ${why.seen}`, why.expected, 'mend scene() in that state');
  if (!/^#[0-9a-f]{6}$/.test(shape.color)) {
    throw new Fault(`${what} has the colour '${shape.color}'`, 'one like #d6006c', 'write #rrggbb in lower case');
  }
}

/** The largest distance, in pixels, between a colour's middle in the frame and in a drawing of the scene. */
function expectAgreement(subject: Subject): number {
  const world = subject.world();
  const { spec } = subject;
  let furthest = 0;
  for (const seed of seeds) {
    playEpisode(world, seed, 'scripted', Math.min(10, spec.budget), (_, step) => {
      const drawing = drawScene(world.scene(), spec);
      const frame = world.frame();
      for (const { color, names, find } of colorMasks(spec)) {
        const [drawn, shown] = [find(drawing), find(frame)];
        if (!drawn || !shown) continue;
        const distance = Math.hypot(drawn.x - shown.x, drawn.y - shown.y);
        furthest = Math.max(furthest, distance);
        if (distance <= apart) continue;
        const place = ({ x, y }: { x: number; y: number }) => `(${x.toFixed(1)}, ${y.toFixed(1)})`;
        const seen = `the middle of what is ${color} (${names.join(', ')}) is at ${place(shown)} of the frame at step ${step} of seed ${seed}`;
        const expected = `it within ${apart} pixels of ${place(drawn)}, where the scene has it`;
        throw new Fault(seen, expected, 'draw the frame from the scene: drawScene(world.scene(), spec)');
      }
    });
  }
  return furthest;
}
