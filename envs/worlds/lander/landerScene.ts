/**
 * How `lander` is drawn: dark ground with the pad let into its surface, and the craft's hull and legs in a colour each,
 * so that the line from one to the other shows which way is up. Each shape's pose is its own middle.
 */
import type { Point, PolygonShape, Scene } from '../../../shared/scene.ts';
import type { State } from '../../../shared/world.ts';
import { arenaSize, type CraftPart, type CraftShape, groundY, onCraft, padDepth } from './landerGeometry.ts';

/**
 * Far from each other as differences from the white air and from the dark ground, so that a linear un-mixing tells them
 * apart at edges too.
 */
export const colors = { hull: '#d6006c', legs: '#0096c7', pad: '#ffb703', ground: '#3c4450' };

const ground: PolygonShape = {
  kind: 'polygon',
  name: 'ground',
  color: colors.ground,
  fixed: true,
  pose: { x: arenaSize / 2, y: (groundY + arenaSize) / 2, angle: 0 },
  vertices: rectangle(arenaSize, arenaSize - groundY),
};

export function shapesOf(state: State, shape: CraftShape, padWidth: number): Scene {
  const pad: PolygonShape = {
    kind: 'polygon',
    name: 'pad',
    color: colors.pad,
    fixed: false,
    pose: { x: state.padX ?? 0, y: groundY + padDepth / 2, angle: 0 },
    vertices: rectangle(padWidth, padDepth),
  };
  return [ground, pad, craftPart('legs', shape.legs, state), craftPart('hull', shape.hull, state)];
}

function craftPart(name: 'hull' | 'legs', { center, vertices }: CraftPart, state: State): PolygonShape {
  const pose = { ...onCraft(state, center), angle: state.landerAngle ?? 0 };
  return { kind: 'polygon', name, color: colors[name], fixed: false, pose, vertices };
}

function rectangle(width: number, height: number): Point[] {
  const [x, y] = [width / 2, height / 2];
  return [
    { x: -x, y: -y },
    { x, y: -y },
    { x, y },
    { x: -x, y },
  ];
}
