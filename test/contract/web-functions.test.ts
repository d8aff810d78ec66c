import { expect, it } from 'vitest';
import { parseConfig } from '#contract/config.ts';
import acme from '#examples/acme.config.ts';

const parsed = (webFunction: object) => parseConfig({ ...acme, webFunctions: { 'us-east-1': webFunction } });

it('takes 64 requests in an environment and has no release yet, unless it is said otherwise', () => {
  const result = parsed({});
  expect(result.ok && result.config.webFunctions).toEqual({
    'us-east-1': { releases: [], requestsPerEnvironment: 64 },
  });
});

it('refuses what Lambda or S3 would not take, all at once', () => {
  const result = parsed({
    releases: [{ name: '../up', version: '', weight: 101 }],
    requestsPerEnvironment: 129,
    environmentsMax: 1,
  });
  const path = 'webFunctions.us-east-1';
  expect(result.ok ? [] : result.violations.map((each) => `${each.path}: ${each.message}`)).toEqual([
    `${path}.releases[0].name: "../up" must be a letter or digit and up to 40 more of those and -, such as "2026-11-21"`,
    `${path}.releases[0].version: "" must be the version that S3 gave the archive`,
    `${path}.releases[0].weight: 101 must be a whole number from 0 to 100`,
    `${path}.requestsPerEnvironment: 129 must be a whole number from 1 to 128`,
    `${path}.environmentsMax: 1 must be a whole number from 2 to 100000`,
  ]);
});
