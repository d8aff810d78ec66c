import { expect, it } from 'vitest';
import { parseConfig } from '#contract/config.ts';
import acme from '#examples/acme.config.ts';

const violationsOf = (chains: unknown) => {
  const parsed = parseConfig({ ...acme, chains });
  return parsed.ok ? [] : parsed.violations.map(({ path, message }) => `${path}: ${message}`);
};

it('wakes ahead after three chains that began alike, what half of them needed', () => {
  const parsed = parseConfig(acme);
  expect(parsed.ok && parsed.config.chains).toEqual({
    preWarm: true,
    chainsMin: 3,
    neededShareMin: 0.5,
    termsFromTable: false,
  });
});

it.each([
  [{ preWarm: 'yes' }, 'chains.preWarm', 'must be true or false'],
  [{ termsFromTable: 1 }, 'chains.termsFromTable', 'must be true or false'],
  [{ chainsMin: 0 }, 'chains.chainsMin', 'must be a whole number from 1 to 32'],
  [{ chainsMin: 2.5 }, 'chains.chainsMin', 'must be a whole number from 1 to 32'],
  [{ neededShareMin: 0 }, 'chains.neededShareMin', 'must be a number from 0.01 to 1'],
  [{ neededShareMin: 1.1 }, 'chains.neededShareMin', 'must be a number from 0.01 to 1'],
])('refuses %j with its place and what is right', (chains, path, rule) => {
  const [violation = ''] = violationsOf(chains);
  expect(violation).toContain(path);
  expect(violation).toContain(rule);
});
