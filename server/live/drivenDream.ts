/**
 * The dream with a person at the controls: a `DreamWorld` that begins at what the agent sees now and goes wherever the
 * person drives it, by the learned dynamics alone and painted by the renderer. The truth stands still meanwhile. Steps
 * are taken one after another.
 */
import { inWorld } from '../../envs/inWorld.ts';
import { MOST_CONTEXT } from '../../models/diffusion/network/optionalConditions.ts';
import { DreamWorld } from '../../models/latent/dreamWorld.ts';
import type { Frame } from '../../shared/frame.ts';
import type { Direction, Settings } from '../../shared/protocol/control.ts';
import { Random } from '../../shared/random.ts';
import type { Agent } from '../agent/agent.ts';
import { drivenAction } from './drivenAction.ts';
import type { Episode } from './episode.ts';

export class DrivenDream {
  private readonly world: DreamWorld;
  private readonly seed: number;
  private begun = false;

  /** @throws WorldError when the world breaks down */
  constructor(agent: Agent, episode: Episode, { seed, rendererSteps }: Settings) {
    this.seed = seed;
    const { id } = episode.spec;
    const seen = inWorld(id, () => episode.seen());
    let [known, first] = [seen, 0];
    const noise = new Random(seed).fork('render').uint32();
    this.world = new DreamWorld({
      truth: { spec: episode.spec, reset: () => {}, frame: () => inWorld(id, () => episode.frame()) },
      dynamics: {
        latentSize: agent.latentSize,
        async encode(frames) {
          const clip = await agent.encode([...seen.slice(0, -1), ...frames]);
          const { columns, data } = clip;
          return { rows: 1, columns, data: data.slice(data.length - columns) };
        },
        async rollout(latent, actions, candidates, horizon) {
          const { columns, data } = await agent.imagine(latent, actions);
          return { candidates, horizon, latentSize: columns, latents: data };
        },
      },
      async paint(latents) {
        const frames = await agent.render(latents, { steps: rendererSteps, seed: noise, before: known, first });
        known = [...known, ...frames].slice(-MOST_CONTEXT);
        first += frames.length;
        return frames;
      },
    });
  }

  /** Imagines one step in the direction. @throws WorldError when the world breaks down; whatever the agent throws */
  async step(direction: Direction): Promise<Frame> {
    if (!this.begun) await this.world.reset(this.seed);
    this.begun = true;
    await this.world.step(drivenAction(this.world.spec, direction));
    return this.world.frame();
  }
}
