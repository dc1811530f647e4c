/**
 * What can be varied about `push-t`. The pusher's size and the colours show in the frame; the block's mass, how soon it
 * stops and how rough the contact is do not: they show in how the block moves.
 *
 * Any pusher, bar, stem and background colours of these lie far from each other and linearly independent as differences
 * from the background, so that they can be un-mixed in every variation.
 */
import type { Factors } from '../../../shared/factors.ts';

export const pushTFactors = {
  pusherRadius: { kind: 'number', default: 15, low: 14, high: 26, unit: 'units', hidden: false },
  /** The pusher's is 10: the heavier the block, the more it slows the pusher down, and the less it turns. */
  blockMass: { kind: 'number', default: 1, low: 0.3, high: 20, unit: 'mass', hidden: true },
  /** Share of its speed that the block loses in an update, to the table. */
  blockDrag: { kind: 'number', default: 0.3, low: 0.15, high: 0.6, unit: '1/update', hidden: true },
  /** Of block and pusher, and of block and walls. */
  contactFriction: { kind: 'number', default: 0.2, low: 0, high: 0.8, unit: 'coefficient', hidden: true },
  pusherColor: { kind: 'color', object: 'pusher', default: '#d6006c', choices: ['#f72585', '#e01e37', '#b5179e'] },
  barColor: { kind: 'color', object: 'bar', default: '#0096c7', choices: ['#0077b6', '#00b4d8', '#0a9396'] },
  stemColor: { kind: 'color', object: 'stem', default: '#ffb703', choices: ['#ffd60a', '#f4a900', '#e9c400'] },
  backgroundColor: {
    kind: 'color',
    object: 'background',
    default: '#ffffff',
    choices: ['#f1e9da', '#e3eaf2', '#20242c'],
  },
} satisfies Factors;
