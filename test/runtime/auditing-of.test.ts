import { expect, it } from 'vitest';
import { auditingOf, auditVersions } from '#runtime/auditing-of.ts';
import { shippedFacts } from '#runtime/facts-data.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts as otherFacts } from '#test/builders/facts.ts';
import packageJson from '../../package.json' with { type: 'json' };

it('names the same configuration by the same digest, in whatever order it is written', () => {
  const config = acmeConfig();
  const turned = Object.fromEntries(Object.entries(config).reverse()) as typeof config;
  const versions = auditVersions({ config, facts: shippedFacts() });
  const [version, revision] = versions.code.split('+');
  expect(version).toBe(packageJson.version);
  expect(revision).toMatch(/^[0-9a-f]{16}$/);
  expect(auditVersions({ config: turned, facts: shippedFacts() })).toEqual(versions);
  expect(auditVersions({ config: { ...config, name: 'other' }, facts: shippedFacts() })).toMatchObject({
    config: expect.not.stringMatching(versions.config),
    facts: versions.facts,
  });
});

it('tells the facts of the release from others', () => {
  const config = acmeConfig();
  const { facts } = auditVersions({ config, facts: shippedFacts() });
  expect(facts).toMatch(/^[0-9a-f]{64}$/);
  expect(auditVersions({ config, facts: { ...otherFacts } }).facts).toBe('0'.repeat(64));
});

it('waits for a turn of the event loop, and names the versions once', async () => {
  const trail = { record: () => undefined, settled: async () => undefined };
  const auditing = auditingOf({ config: acmeConfig(), facts: shippedFacts(), trail });
  let turned = false;
  const turn = auditing.nextTurn().then(() => {
    turned = true;
  });
  await Promise.resolve();
  expect(turned).toBe(false);
  await turn;
  expect(auditing.versions()).toBe(auditing.versions());
});
