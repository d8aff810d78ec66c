import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundledConfigFile } from '#lib/constructs/function-bundling.ts';
import { withProcessesMax } from '#lib/processes-max.ts';
import { createSpillwayStacks } from '#lib/spillway-stacks.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { unbundledApp } from '#test/lib/synthesized.ts';

const processesMax = (config = acme, concurrency: number | undefined = 40) =>
  withProcessesMax(config, concurrency).capacity.processesMax;

describe('the most processes of a gateway region', () => {
  it('are the gateway’s environments and the dispatchers of a model', () => {
    expect(processesMax()).toBe(50);
    expect(processesMax(checkedConfig({ ...acme, batches: { enabled: false } }))).toBe(40);
    const { models } = acme;
    const twice = { ...models, again: { candidates: ['amazon.nova-lite-v1:0'] } };
    expect(processesMax(checkedConfig({ ...acme, models: twice }))).toBe(60);
  });

  it('are what the configuration says, and unknown where nobody says', () => {
    expect(processesMax(checkedConfig({ ...acme, capacity: { processesMax: 7 } }))).toBe(7);
    expect(withProcessesMax(acme, undefined)).toBe(acme);
    expect(processesMax(checkedConfig({ ...acme, webFunctions: { 'us-east-1': {} } }))).toBeUndefined();
  });

  it('reach every function that is deployed with a concurrency for gateways', () => {
    const folder = mkdtempSync(join(tmpdir(), 'spillway-processes-'));
    try {
      createSpillwayStacks(unbundledApp(folder, false), {
        config: acme,
        facts: shippedFacts,
        gatewayConcurrency: 40,
      });
      const bundled = JSON.parse(readFileSync(join(folder, bundledConfigFile), 'utf8'));
      expect(bundled.capacity.processesMax).toBe(50);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
