/**
 * A person's hand on the controls of any world: from a direction to an action, by the map that the world declares or the
 * usual one (`shared/controls.ts`). In a box, each direction moves the action from rest towards its own by its share, so
 * that directions add up; of numbered choices, the direction that is pressed most has its choice.
 */
import { controlsOf, DIRECTIONS, type DirectionName } from '../../shared/controls.ts';
import type { Direction, ServerMessageOf } from '../../shared/protocol/control.ts';
import { type Action, clamp } from '../../shared/space.ts';
import type { WorldSpec } from '../../shared/world.ts';

type Driven = Pick<WorldSpec, 'action' | 'controls'>;

/** From this share on a direction is pressed, where it cannot be pressed a little. */
const PRESSED = 0.5;

/** Whether a person can drive the world at all. */
export function isDrivable(spec: Driven): boolean {
  return controlsOf(spec) !== undefined;
}

/** What the page is told of the controls: the words for what each direction does; nothing where none does anything. */
export function controlLabels(spec: Driven): ServerMessageOf<'episode'>['controls'] {
  const controls = controlsOf(spec);
  if (controls === undefined) return undefined;
  const labels = DIRECTIONS.map((name) => [name, controls[name]?.label] as const);
  return Object.fromEntries([...labels, ['rest', controls.rest.label] as const].filter(([, label]) => label));
}

/** The action for a direction; a world that cannot be driven is left in the middle of its space. */
export function drivenAction(spec: Driven, direction: Direction): Action {
  const { action: space } = spec;
  const controls = controlsOf(spec);
  if (controls === undefined) return clamp(space, []);
  const { rest } = controls;
  const shares = sharesOf(direction);
  const pressed = DIRECTIONS.flatMap((name) => {
    const control = controls[name];
    return control === undefined ? [] : [{ share: shares[name], action: control.action }];
  });
  if (space.kind === 'discrete') {
    const most = pressed.reduce((a, b) => (b.share > a.share ? b : a), { share: 0, action: rest.action });
    return most.share >= PRESSED ? most.action : rest.action;
  }
  const driven = rest.action.map((still, i) =>
    pressed.reduce((sum, { share, action }) => sum + share * ((action[i] ?? still) - still), still),
  );
  return clamp(space, driven);
}

/** How much each direction is pressed, from 0 to 1; y points down. */
function sharesOf({ x, y }: Direction): Readonly<Record<DirectionName, number>> {
  return { up: Math.max(0, -y), left: Math.max(0, -x), down: Math.max(0, y), right: Math.max(0, x) };
}
