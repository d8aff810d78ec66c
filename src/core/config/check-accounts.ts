import type { CompiledFacts } from '../facts/compile-facts.ts';
import {
  type CheckableConfig,
  type ConfigFinding,
  type ConfigFindings,
  listText,
  repeatedIndexes,
} from './config-findings.ts';

/** Accounts, home, standby and gateways: who owns which region. */
export function checkAccounts(config: CheckableConfig, facts: CompiledFacts): ConfigFindings {
  return {
    errors: [...repeatedAccounts(config), ...homeErrors(config), ...gatewayErrors(config)],
    warnings: [...unusedRegions(config), ...unknownRegions(config, facts)],
  };
}

function repeatedAccounts({ accounts }: CheckableConfig): readonly ConfigFinding[] {
  const ids = repeatedIndexes(accounts.map((account) => account.id)).map((index) => ({
    path: `accounts[${index}].id`,
    message: `${accounts[index]?.id} stands in the list before; list all its regions in one entry`,
  }));
  const names = repeatedIndexes(accounts.map((account) => account.name ?? account.id)).map((index) => ({
    path: `accounts[${index}].name`,
    message: `"${accounts[index]?.name ?? accounts[index]?.id}" is the name of an account before; names are unique`,
  }));
  const regions = accounts.flatMap((account, place) =>
    repeatedIndexes(account.regions).map((index) => ({
      path: `accounts[${place}].regions[${index}]`,
      message: `${account.regions[index]} stands in the list before; leave it out`,
    })),
  );
  const repeatedIds = new Set(ids.map((finding) => finding.path.replace('.id', '.name')));
  return [...ids, ...names.filter((finding) => !repeatedIds.has(finding.path)), ...regions];
}

function homeErrors({ home, standby, accounts }: CheckableConfig): readonly ConfigFinding[] {
  const account = accounts.find(({ id }) => id === home.account);
  if (account === undefined) {
    const known = listText(accounts.map(({ id }) => id));
    return [{ path: 'home.account', message: `${home.account} is not in accounts; there are ${known}` }];
  }
  const errors: ConfigFinding[] = [];
  const listed = listText(account.regions);
  if (!account.regions.includes(home.region)) {
    const message = `${home.region} is not a region of account ${home.account}, which lists ${listed}`;
    errors.push({ path: 'home.region', message });
  }
  if (standby === home.region) {
    errors.push({
      path: 'standby',
      message: `${standby} is the home region; choose another or leave it out`,
    });
  } else if (standby !== undefined && !account.regions.includes(standby)) {
    const message = `${standby} is not a region of the home account ${home.account}, which lists ${listed}`;
    errors.push({ path: 'standby', message });
  }
  return errors;
}

function gatewayErrors({ gateways, gatewayUrls, accounts }: CheckableConfig): readonly ConfigFinding[] {
  const listed = new Set(accounts.flatMap((account) => account.regions));
  const ownerless = gateways.flatMap((region, index) => {
    if (listed.has(region)) return [];
    const message = `no account lists ${region}; add it to the account that is to run this gateway`;
    return [{ path: `gateways[${index}]`, message }];
  });
  const repeated = repeatedIndexes(gateways).map((index) => ({
    path: `gateways[${index}]`,
    message: `${gateways[index]} stands in the list before; a region runs one gateway`,
  }));
  const strangers = Object.keys(gatewayUrls)
    .filter((region) => !gateways.includes(region))
    .map((region) => ({
      path: `gatewayUrls.${region}`,
      message: `${region} runs no gateway; there are ${listText(gateways)}`,
    }));
  return [...ownerless, ...repeated, ...strangers];
}

/** A region that an account before it owns serves nobody here, unless the account shares traffic or is named. */
function unusedRegions({ accounts, models }: CheckableConfig): readonly ConfigFinding[] {
  const named = new Set(
    Object.values(models).flatMap((model) =>
      [...model.dedicated, ...Object.values(model.baseline).flat()].map(
        ({ account, region }) => `${account} ${region}`,
      ),
    ),
  );
  return accounts.flatMap((account, place) =>
    account.regions.flatMap((region, index) => {
      const owner = accounts.find((other) => other.regions.includes(region));
      if (owner === undefined || owner.id === account.id || account.traffic) return [];
      if (named.has(`${account.id} ${region}`)) return [];
      const message = `${region} belongs to account ${owner.id}, so nothing of ${account.id} is used there; set traffic: true to share it`;
      return [{ path: `accounts[${place}].regions[${index}]`, message }];
    }),
  );
}

function unknownRegions({ accounts }: CheckableConfig, facts: CompiledFacts): readonly ConfigFinding[] {
  if (facts.regions.length === 0) return [];
  return accounts.flatMap((account, place) =>
    account.regions.flatMap((region, index) => {
      if (facts.jurisdictionsOf(region) !== undefined) return [];
      const message = `the facts do not know ${region}: no residency but "any", or one that names it, allows it`;
      return [{ path: `accounts[${place}].regions[${index}]`, message }];
    }),
  );
}
