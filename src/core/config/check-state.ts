import {
  type CheckableConfig,
  type ConfigFinding,
  type ConfigFindings,
  listText,
} from './config-findings.ts';

/** What of the state is there already: keys and streams of the home account, where tables stand that use them. */
export function checkState(config: CheckableConfig): ConfigFindings {
  return {
    errors: [...misplacedKeys(config), ...foreignStream(config), ...emptyStack(config)],
    warnings: [],
  };
}

function misplacedKeys({ state, home, standby, gateways }: CheckableConfig): readonly ConfigFinding[] {
  const withTables = [
    ...new Set([
      home.region,
      ...(standby === undefined ? [] : [standby]),
      ...gateways,
      ...(state.controls?.regions ?? []),
    ]),
  ];
  return Object.entries(state.keys).flatMap(([region, arn]) => {
    const path = `state.keys.${region}`;
    const account = arn.split(':')[4];
    return [
      ...(withTables.includes(region)
        ? []
        : [{ path, message: `no table stands in ${region}; tables stand in ${listText(withTables)}` }]),
      ...(account === home.account
        ? []
        : [
            {
              path,
              message: `is of account ${account}; DynamoDB takes a key of the tables’ own account, ${home.account}`,
            },
          ]),
    ];
  });
}

/** CloudFormation takes no stack of nothing. */
function emptyStack({ state, home }: CheckableConfig): readonly ConfigFinding[] {
  const { existing, keys, controls } = state;
  const areTables = existing.routes && existing.tenants && existing.observations !== undefined;
  if (!areTables || keys[home.region] === undefined || controls !== undefined) return [];
  const message = `leaves State-${home.region} with nothing to make, where state.keys.${home.region} is there too: leave that key out, and a new one is made for what comes later`;
  return [{ path: 'state.existing', message }];
}

function foreignStream({ name, home, state }: CheckableConfig): readonly ConfigFinding[] {
  const streamArn = state.existing.observations?.streamArn;
  const wanted = `arn:aws:dynamodb:${home.region}:${home.account}:table/${name}-observations/stream/`;
  if (streamArn === undefined || streamArn.startsWith(wanted)) return [];
  return [
    {
      path: 'state.existing.observations.streamArn',
      message: `"${streamArn}" is no stream of this deployment’s table; it must begin with ${wanted}`,
    },
  ];
}
