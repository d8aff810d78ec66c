/** What it must show, 2: routes come from what discovery observes, not from the facts that ship with the product. */
import { describe, expect, it } from 'vitest';
import type { RouteItem } from '#contract/route-item.ts';
import { type CompiledFacts, compileFacts } from '#core/facts/compile-facts.ts';
import prices from '#data/prices.json' with { type: 'json' };
import regions from '#data/regions.json' with { type: 'json' };
import acme from '#examples/acme.config.ts';
import { parseLocalModeOptions } from '#local-mode/options.ts';
import { startLocalMode } from '#local-mode/start-local-mode.ts';
import { projectFolder } from '#test/tidy/source-files.ts';

/** Every published route: its targets in order, by `<model> <residency>`. */
async function routesWith(facts: CompiledFacts | undefined): Promise<Record<string, string[]>> {
  const parsed = parseLocalModeOptions(['--port', '0', '--aws-port', '0', '--discover-every', '3600'], {});
  if (!parsed.ok) throw new Error(parsed.violations.join());
  const stop = new AbortController();
  const localMode = await startLocalMode({
    options: parsed.options,
    folder: projectFolder,
    tell: () => undefined,
    stop: stop.signal,
    ...(facts === undefined ? {} : { facts }),
  });
  try {
    const found: Record<string, string[]> = {};
    for (const model of Object.keys(acme.models)) {
      for (const residency of Object.keys(acme.residencies)) {
        const url = `${localMode.gateways[0]?.url}/spillway/v1/routes/${model}?residency=${residency}`;
        const response = await fetch(url, { headers: { authorization: 'Bearer sk-local' } });
        const item = (await response.json()) as RouteItem;
        found[`${model} ${residency}`] = (item.targets ?? []).map((target) => target.id);
      }
    }
    return found;
  } finally {
    stop.abort();
    await localMode.stopped;
  }
}

describe('the facts of the product', () => {
  it('do not answer for discovery: without models and profiles the routes are the same', async () => {
    const shipped = await routesWith(undefined);
    // Regions say what a jurisdiction is and prices break ties; neither names a model that could be called somewhere.
    const empty = await routesWith(compileFacts({ regions, prices }));
    expect(shipped['chat-large eu']?.length).toBe(4);
    expect(Object.values(shipped).filter((ids) => ids.length > 0).length).toBeGreaterThan(8);
    expect(empty).toEqual(shipped);
  });
});
