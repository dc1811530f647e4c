/** The networks of `bench engine`, in the order in which they are timed. */
import { dit } from './dit.ts';
import { mlp } from './mlp.ts';
import type { ReferenceNetwork } from './referenceNetwork.ts';
import { unet } from './unet.ts';

export const referenceNetworks: readonly ReferenceNetwork[] = [dit, unet, mlp];
