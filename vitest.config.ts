import { defineConfig } from 'vitest/config';

/** Unit projects need no server; the others talk to real servers on loopback. */
const unit = ['core', 'contract', 'usecases', 'serving-model', 'lambdas', 'tidy'];
const loopback = [
  'adapters',
  'local',
  'server',
  'runtime',
  'cli',
  'lib',
  'bin',
  'local-mode',
  'main-job',
  'bench',
];

export default defineConfig({
  test: {
    passWithNoTests: false,
    // The default leaves one core idle; CI has two.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles: ['test/property-seed.ts'],
          include: unit.map((folder) => `test/${folder}/**/*.test.ts`),
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'loopback',
          setupFiles: ['test/property-seed.ts'],
          include: loopback.map((folder) => `test/${folder}/**/*.test.ts`),
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
