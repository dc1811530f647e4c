/**
 * Drives a body at a velocity, but never out of the arena: the velocity is cut short where the next physics update
 * would carry the body's centre closer to an edge than `margin`. No wall has to stop it then, so nothing squeezes it,
 * and what pushed it out is undone at the next update.
 */
import Matter from 'matter-js';

/** Sets the body's velocity, in units per physics update. */
export function driveWithin(
  body: Matter.Body,
  velocity: Matter.Vector,
  arena: { readonly width: number; readonly height: number },
  margin: number,
): void {
  const { x, y } = body.position;
  Matter.Body.setVelocity(body, {
    x: Math.min(arena.width - margin, Math.max(margin, x + velocity.x)) - x,
    y: Math.min(arena.height - margin, Math.max(margin, y + velocity.y)) - y,
  });
}
