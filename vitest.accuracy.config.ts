/** Tests of trained agents: minutes long, and about weights rather than code, so that `npm test` leaves them out. */
import { defineConfig, mergeConfig } from 'vitest/config';
import { common } from './vitest.config.ts';

export default mergeConfig(
  common,
  defineConfig({ test: { include: ['test/accuracy/*.accuracy.ts'], testTimeout: 900_000, maxWorkers: 1 } }),
);
