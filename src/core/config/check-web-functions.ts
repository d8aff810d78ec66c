import {
  type CheckableConfig,
  type ConfigFinding,
  type ConfigFindings,
  listText,
  repeatedIndexes,
} from './config-findings.ts';

const WEIGHT_SUM = 100;

/** Web Functions: where they stand, what they cannot have, and that all traffic goes somewhere. */
export function checkWebFunctions(config: CheckableConfig): ConfigFindings {
  const { gateways, gatewayNetworks, frontDoor, webFunctions } = config;
  const errors = Object.entries(webFunctions).flatMap(([region, { releases }]): ConfigFinding[] => {
    const path = `webFunctions.${region}`;
    const found: ConfigFinding[] = [];
    if (!gateways.includes(region))
      found.push({ path, message: `${region} runs no gateway; there are ${listText(gateways)}` });
    if (region in gatewayNetworks)
      found.push({
        path,
        message: `does not stand in the VPC of gatewayNetworks.${region}; leave one of them out`,
      });
    if (frontDoor.authorization === 'iam')
      found.push({
        path,
        message:
          'does not say who signed a request; set frontDoor.authorization: "keys", or leave the web function out',
      });
    return [...found, ...releaseErrors(`${path}.releases`, releases)];
  });
  return { errors, warnings: [] };
}

function releaseErrors(
  path: string,
  releases: CheckableConfig['webFunctions'][string]['releases'],
): readonly ConfigFinding[] {
  const names = releases.map(({ name }) => name);
  const repeated = repeatedIndexes(names).map((index) => ({
    path: `${path}[${index}].name`,
    message: `"${names[index]}" stands in the list before; a release is deployed once`,
  }));
  const sum = releases.reduce((total, { weight }) => total + weight, 0);
  if (releases.length === 0 || sum === WEIGHT_SUM) return repeated;
  return [...repeated, { path, message: `have weights of ${sum} together; they must be ${WEIGHT_SUM}` }];
}
