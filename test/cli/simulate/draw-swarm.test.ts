import { expect, it } from 'vitest';
import { drawFailure, drawSwarm } from '#cli/simulate/draw-swarm.ts';
import { plainPaint } from '#cli/terminal/paint.ts';
import { aScenario, aSwarmRun, aViolation } from '#test/builders/a-swarm-run.ts';

const terminal = { width: 100, paint: plainPaint };
const failed = aSwarmRun({ violations: [aViolation()], violationCount: 12 });

it('shows a row a seed, and how fast time went by', () => {
  const runs = [
    { options: aScenario(), run: aSwarmRun() },
    { options: aScenario({ seed: '8' }), run: failed },
  ];
  expect(drawSwarm(runs, { tookMs: 4_000, terminal }).join('\n')).toMatchInlineSnapshot(`
    "seed  faults  requests  calls  answered  refused or broken  judges
       7       2      1000   1100       980  20 x 429           content
       8       2      1000   1100       980  20 x 429           12 violations

    2 seeds, 2000 requests, 2.0 virtual hours in 4.0 s: 1800 x real time.
    1 of 2 seeds failed."
  `);
});

it('shows the least failure, and how to see it again', () => {
  const least = { options: aScenario(), run: failed, file: 'swarm-7.json' };
  expect(drawFailure(least, terminal).join('\n')).toMatchInlineSnapshot(`
    "
    Seed 7, made as small as it still fails:
      region us-west-2 dark, 0–60 s
      planted routes in eu-central-1, 10–20 s
      2026-11-22T00:01:00.000Z residency (safety): request 5 of eu went to us-east-1
    It is kept in swarm-7.json. To see it again: npx spillway simulate swarm --scenario swarm-7.json"
  `);
});
