/** Tests that take minutes and seldom find anything: `npm test` leaves them out. */
import { defineConfig, mergeConfig } from 'vitest/config';
import { common } from './vitest.config.ts';

export default mergeConfig(common, defineConfig({ test: { include: ['test/**/*.long.ts'], testTimeout: 900_000 } }));
