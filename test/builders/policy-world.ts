/** The example deployment with operators, a component and an audit trail, synthesised, and every call that it must be let to make. */
import acmeInput from '#examples/acme.config.ts';
import { discoveredPlaces, gatewayPlaces } from '#lib/places.ts';
import {
  type Caller,
  type CallFacts,
  type CallPlace,
  type CallUse,
  homePlace,
} from '#test/builders/call-uses.ts';
import { type DeployedPolicies, deployedPolicies } from '#test/builders/deployed-policies.ts';
import { shippedFacts as facts } from '#test/builders/facts.ts';
import { modelTable } from '#test/builders/model-table.ts';
import { pipelineCalls, pipelineSource, withBootstrapRoles } from '#test/builders/pipeline-calls.ts';
import { platformCalls, tableKeyCall } from '#test/builders/platform-calls.ts';
import { productCalls } from '#test/builders/product-calls.ts';
import { checkedConfig } from '#test/lib/acme.ts';
import { synthesized } from '#test/lib/synthesized.ts';

const { 'chat-small': chatSmall, ...models } = acmeInput.models;
const policyConfig = checkedConfig({
  ...acmeInput,
  audit: { enabled: true },
  pipeline: { archive: pipelineSource },
  operators: { principals: ['arn:aws:iam::111111111111:role/operator'] },
  models: {
    ...models,
    'chat-small': {
      candidates: chatSmall?.candidates ?? [],
      baseline: chatSmall?.baseline ?? {},
      dedicated: (chatSmall?.dedicated ?? []).map((endpoint) => ({
        ...endpoint,
        component: 'chat-small-component',
      })),
    },
  },
});

/** Where stacks stand, and so roles of the CDK. */
const deployedPlaces = discoveredPlaces(policyConfig);

export const organization = 'o-acme123456';

/** The policies of the example, or of the example with other residencies. */
export function policiesOf(config = policyConfig): DeployedPolicies {
  const { stacks } = synthesized({ config, organizationId: organization }).assembly;
  return withBootstrapRoles(deployedPolicies(stacks), { home: homePlace, places: deployedPlaces });
}

/** A call, who makes it, and what asks for it. */
export interface NeededCall {
  /** A file and operation of the adapters, or a part of AWS. */
  readonly asker: string;
  readonly by: Caller | 'access';
  readonly for: string;
  readonly role: string;
  readonly call: CallFacts;
}

const placesOf: Readonly<Record<Caller, readonly CallPlace[]>> = {
  discover: discoveredPlaces(policyConfig),
  gateway: gatewayPlaces(policyConfig),
  audit: gatewayPlaces(policyConfig),
  witness: [homePlace],
  plan: [homePlace],
  pipeline: [homePlace],
  build: [homePlace],
  deploy: [homePlace],
  verify: [homePlace],
  operator: [homePlace],
};

const roleOf = (by: Caller, { account, region }: CallPlace) =>
  by === 'operator' ? '' : `arn:aws:iam::${account}:role/acme-${by}-${region}`;

/** All calls of all functions in all their places. */
export function neededCalls(deployed: DeployedPolicies): readonly NeededCall[] {
  const uses: readonly (readonly [string, CallUse])[] = [
    ...Object.entries(productCalls).flatMap(([file, operations]) =>
      Object.entries(operations).flatMap(([operation, list]) =>
        list.map((use) => [`${file} ${operation}`, use] as const),
      ),
    ),
    ...pipelineCalls(deployed, deployedPlaces).map((use) => ['the pipeline', use] as const),
    ...Object.entries(platformCalls(deployed)).flatMap(([what, list]) =>
      list.map((use) => [what, use] as const),
    ),
  ];
  const used = uses.flatMap(([asker, use]) =>
    placesOf[use.by].flatMap((place) =>
      use.at(place).map((call) => ({ asker, by: use.by, for: use.for, role: roleOf(use.by, place), call })),
    ),
  );
  const opened = used
    .filter(({ call }) => call.action.startsWith('dynamodb:'))
    .flatMap((need) => tableKeyCall(deployed, need.call).map((call) => ({ ...need, for: 'tables', call })));
  return [
    ...used,
    ...new Map(opened.map((need) => [`${need.role} ${need.call.resource}`, need])).values(),
    ...modelCallers().flatMap((caller) => callsOfModels(caller)),
  ];
}

interface ModelCaller {
  readonly by: 'gateway' | 'verify' | 'access';
  readonly role: string;
  readonly account: string;
}

/** Whose role calls models: those of the caller's own account as itself, those of others by their access role. */
function modelCallers(): readonly ModelCaller[] {
  const own = (['gateway', 'verify'] as const).flatMap((by) =>
    placesOf[by].map((place) => ({ by, role: roleOf(by, place), account: place.account })),
  );
  const access = policyConfig.accounts.map(({ id }) => ({
    by: 'access' as const,
    role: `arn:aws:iam::${id}:role/acme-gateway-access`,
    account: id,
  }));
  return [...own, ...access];
}

function callsOfModels({ by, role, account }: ModelCaller): readonly NeededCall[] {
  const candidates = Object.values(policyConfig.models).flatMap((model) =>
    model.candidates.map(({ id }) => id),
  );
  const regions = policyConfig.accounts.find(({ id }) => id === account)?.regions ?? [];
  const asked = { config: policyConfig, facts, account, modelIds: candidates, regions };
  const waysBy = (action: string) => modelTable({ ...asked, action }).filter(({ lawful }) => lawful);
  const invoked = [
    ...waysBy('bedrock:InvokeModel').flatMap(({ calls }) => calls),
    // Statements name both actions; where a profile runs needs to be asked only once.
    ...waysBy('bedrock:InvokeModelWithResponseStream').flatMap(({ calls }) => calls.slice(0, 2)),
  ];
  const counted = candidates
    .filter((id) => !id.includes('embed'))
    .flatMap((id) =>
      regions.map((region) => ({
        action: 'bedrock:CountTokens',
        resource: `arn:aws:bedrock:${region}::foundation-model/${id}`,
      })),
    );
  const dedicated = Object.values(policyConfig.models)
    .flatMap((model) => model.dedicated)
    .filter((endpoint) => endpoint.account === account)
    .flatMap(({ region, endpoint, component }) =>
      [`endpoint/${endpoint}`, `inference-component/${component}`].flatMap((name) =>
        ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'].map((action) => ({
          action,
          resource: `arn:aws:sagemaker:${region}:${account}:${name}`,
        })),
      ),
    );
  const need = (purpose: string, calls: readonly CallFacts[]) =>
    calls.map((call) => ({ asker: 'upstream-address.ts', by, for: purpose, role, call }));
  return [
    ...need('models, under a residency that allows it', invoked),
    ...need('counting tokens', counted),
    ...need('endpoints of one’s own', dedicated),
  ];
}
