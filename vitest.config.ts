import { defineConfig } from 'vitest/config';

/** What all kinds of tests have in common. */
export const common = defineConfig({
  // Plug-in worlds import this; outside the tests, envs/plugin/resolveHook.mjs finds it.
  resolve: { alias: { 'reverie/world': new URL('envs/plugin/authoring.ts', import.meta.url).pathname } },
  test: {
    // Trainings, browsers and servers share two cores with whatever else runs: generous, and never a measure of speed.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Optimised graphs of tests stay out of the user's caches.
    env: { XDG_CACHE_HOME: new URL('.cache', import.meta.url).pathname },
    pool: 'forks',
    maxWorkers: 2,
    // What a file imports stays for the next one: to import anew cost each as much as its tests.
    isolate: false,
  },
});

export default defineConfig({
  ...common,
  test: {
    ...common.test,
    projects: [
      // Only these need the built page, so that nobody else waits for it.
      {
        extends: true,
        test: { name: 'page', include: ['test/page/**/*.test.ts'], globalSetup: 'test/page/globalSetup.ts' },
      },
      {
        extends: true,
        test: { name: 'node', include: ['test/**/*.test.ts'], exclude: ['test/page/**', 'test/**/*.mocked.test.ts'] },
      },
      // They replace modules, which others have imported and must find as they are.
      { extends: true, test: { name: 'mocked', include: ['test/**/*.mocked.test.ts'], isolate: true } },
    ],
  },
});
