import { type DedicatedEntry, deploymentOf, memberOfEntry } from '../dedicated/deployment-of.ts';
import { judgeDeployment } from '../dedicated/judge-deployment.ts';
import type { CompiledFacts } from '../facts/compile-facts.ts';
import type { CheckableConfig, ConfigFinding, ConfigFindings } from './config-findings.ts';

interface Deployed {
  readonly model: string;
  readonly kind: 'chat' | 'embedding';
  readonly entry: DedicatedEntry;
  readonly path: string;
}

/** Dedicated endpoints that Spillway deploys: possible in themselves, beside each other, and for who measures them. */
export function checkDeployments(config: CheckableConfig, facts: CompiledFacts): ConfigFindings {
  const deployed = Object.entries(config.models).flatMap(([model, { kind, dedicated }]) =>
    dedicated.flatMap((entry, index): readonly Deployed[] =>
      entry.deploy === undefined ? [] : [{ model, kind, entry, path: `models.${model}.dedicated[${index}]` }],
    ),
  );
  return {
    errors: [
      ...deployed.flatMap((each) => [
        ...wrongKind(each),
        ...wrongTools(each),
        ...contradictions(each, facts),
      ]),
      ...repeatedNames(deployed),
      ...unmeasured(deployed, config),
    ],
    warnings: [],
  };
}

function wrongKind({ kind, entry, path }: Deployed): readonly ConfigFinding[] {
  if (kind === 'embedding')
    return [
      { path: `${path}.deploy`, message: 'is for chat models; deploy one that makes vectors yourself' },
    ];
  if (entry.api !== 'tgi') return [];
  return [{ path: `${path}.api`, message: '"tgi" is not what the deployed container speaks; use "openai"' }];
}

/** What the route says of tools must be what the container was told. */
function wrongTools({ entry, path }: Deployed): readonly ConfigFinding[] {
  const said = entry.capabilities?.tools;
  const parser = entry.deploy?.toolParser;
  if (said === true && parser === undefined) {
    const message =
      'true needs deploy.toolParser, such as "llama3_json": without it the container calls none';
    return [{ path: `${path}.capabilities.tools`, message }];
  }
  if (said !== false || parser === undefined) return [];
  const message = `false, and deploy.toolParser is "${parser}"; leave one of them out`;
  return [{ path: `${path}.capabilities.tools`, message }];
}

function contradictions({ entry, path }: Deployed, facts: CompiledFacts): readonly ConfigFinding[] {
  const read = deploymentOf(entry);
  if (read === undefined) return [];
  const judgement = read.kind === 'missing' ? read : judgeDeployment(read.deployment, facts);
  if (judgement.kind === 'sound') return [];
  return judgement.contradictions.map(({ member, message }) => ({
    path: `${path}.${memberOfEntry(member)}`,
    message,
  }));
}

/** An endpoint hosts one component, and both names are an account's and region's own. */
function repeatedNames(deployed: readonly Deployed[]): readonly ConfigFinding[] {
  return (['endpoint', 'component'] as const).flatMap((name) => {
    const keys = deployed.map(({ entry }) => `${entry.account}/${entry.region}/${entry[name]}`);
    return deployed.flatMap(({ entry, path }, index) => {
      const first = deployed[keys.indexOf(keys[index] ?? '')];
      if (entry[name] === undefined || first === undefined || first.path === path) return [];
      const message = `${entry[name]} is deployed by ${first.path} already; give each its own`;
      return [{ path: `${path}.${name}`, message }];
    });
  });
}

/** The cache that is reserved is measured by the gateway, and scaled by where it is measured: same account, same region. */
function unmeasured(deployed: readonly Deployed[], config: CheckableConfig): readonly ConfigFinding[] {
  const measured = deployed.filter(({ entry }) => entry.deploy?.targetKvShare !== undefined);
  return measured.flatMap(({ entry, model, path }, index) => {
    const { account, region } = entry;
    const place = `${path}.deploy.targetKvShare`;
    const owner = config.accounts.find(({ regions }) => regions.includes(region))?.id;
    if (!config.gateways.includes(region) || owner !== account) {
      const message = `needs a gateway in ${region} of account ${account}, which measures it there; leave it out, or let one run there`;
      return [{ path: place, message }];
    }
    const twin = measured
      .slice(0, index)
      .find((each) => each.model === model && each.entry.account === account && each.entry.region === region);
    if (twin === undefined) return [];
    const message = `is measured for ${model} as a whole, which ${twin.path} scales by already; leave one of them out`;
    return [{ path: place, message }];
  });
}
