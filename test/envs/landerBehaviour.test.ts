import { describe, expect, it } from 'vitest';
import lander from '../../envs/worlds/lander/lander.ts';
import { Random } from '../../shared/random.ts';
import type { State } from '../../shared/world.ts';

function value(state: State, name: string): number {
  return state[name] ?? Number.NaN;
}

describe('the behaviour of lander', () => {
  const world = lander.create();
  const landed = world.task(0).goal;

  it('flies high and low, lands and takes off, on the pad too, tips over and gets up', () => {
    const seen = { high: 0, standing: 0, onPad: 0, lying: 0, takeOffs: 0, hardLandings: 0, righted: 0 };
    const [episodes, length] = [150, 60];
    for (let seed = 0; seed < episodes; seed++) {
      world.reset(seed);
      const behaviour = world.behaviour(new Random(seed));
      let hasLain = false;
      for (let i = 0; i < length; i++) {
        const before = world.state();
        world.step(behaviour.act(before));
        const now = world.state();
        const [wasLow, isLow] = [value(before, 'landerY') > 400, value(now, 'landerY') > 400];
        const tilt = Math.abs(value(now, 'landerAngle'));
        const goal = { ...landed, landerX: value(now, 'padX'), padX: value(now, 'padX') };
        if (value(now, 'landerY') < 256) seen.high++;
        if (world.achieved(now, { ...goal, landerX: value(now, 'landerX') })) seen.standing++;
        if (world.achieved(now, goal)) seen.onPad++;
        if (isLow && tilt > 1.2) seen.lying++;
        if (wasLow && !isLow) seen.takeOffs++;
        if (isLow && !wasLow && value(before, 'landerVelocityY') > 1.5) seen.hardLandings++;
        if (hasLain && tilt < 0.4) seen.righted++;
        hasLain = (hasLain || (isLow && tilt > 1.2)) && tilt >= 0.4;
      }
    }
    const steps = episodes * length;
    expect(seen.high / steps).toBeGreaterThan(0.2);
    expect(seen.standing / steps).toBeGreaterThan(0.05);
    expect(seen.onPad / steps).toBeGreaterThan(0.02);
    expect(seen.lying / steps).toBeGreaterThan(0.02);
    expect(seen.takeOffs / episodes).toBeGreaterThan(0.7);
    expect(seen.hardLandings / episodes).toBeGreaterThan(0.15);
    expect(seen.righted / episodes).toBeGreaterThan(0.08);
  });

  it('rarely lands where a task asks', () => {
    let solved = 0;
    for (let seed = 0; seed < 100; seed++) {
      const { start, goal, budget } = world.task(seed);
      const behaviour = world.behaviour(new Random(seed));
      world.place(start);
      for (let step = 0; step < budget && !world.achieved(world.state(), goal); step++) {
        world.step(behaviour.act(world.state()));
      }
      if (world.achieved(world.state(), goal)) solved++;
    }
    expect(solved / 100).toBeLessThan(0.25);
  });

  it('goes as it went when version 1 was measured: raise the version when this changes', () => {
    world.reset(1);
    const behaviour = world.behaviour(new Random(2));
    for (let i = 0; i < 40; i++) world.step(behaviour.act(world.state()));
    expect(lander.spec.version).toBe(1);
    const { landerX, landerY, landerAngle } = world.state();
    expect(landerX).toBeCloseTo(180.38331, 4);
    expect(landerY).toBeCloseTo(184.089288, 4);
    expect(landerAngle).toBeCloseTo(0.147785, 4);
  });
});
