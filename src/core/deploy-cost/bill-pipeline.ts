import { type Biller, lineAt } from './bill-setting.ts';
import { type DeployedResource, listOf, membersOf } from './deployed-stack.ts';
import { BUILD_MINUTES } from './usage.ts';

/** The least that an action is billed: it reads a source and is done. */
const SOURCE_MINUTES = 1;

/** A pipeline is paid by the minutes of its actions, and CodeBuild by the same minutes again where it does the work. */
export const billPipeline: Biller = ({ resources }, setting) => {
  const pipeline = resources.find(({ type }) => type === 'AWS::CodePipeline::Pipeline');
  if (pipeline === undefined) return [];
  const watching = bakeMinutesOf(resources);
  const builds = actionsOf(pipeline).filter(({ provider }) => provider === 'CodeBuild');
  const waves = builds.filter(({ isWave }) => isWave).length;
  const { releases } = setting.usage;
  const built = releases * (builds.length * BUILD_MINUTES + waves * watching);
  return [
    ...lineAt(setting, {
      item: 'codepipeline-minute',
      of: 'pipeline',
      quantity: built + releases * SOURCE_MINUTES,
    }),
    ...lineAt(setting, { item: 'codebuild-minute', of: 'pipeline', quantity: built }),
  ];
};

/** Manual approvals are among them, and cost nothing. */
function actionsOf({ properties }: DeployedResource) {
  return listOf(properties, 'Stages')
    .flatMap((stage) => listOf(membersOf(stage), 'Actions'))
    .map((action) => {
      const { ActionTypeId: type, Configuration: configuration } = membersOf(action);
      return {
        provider: membersOf(type).Provider,
        isWave: 'EnvironmentVariables' in membersOf(configuration),
      };
    });
}

/** How long each wave is watched, as its project is told. */
function bakeMinutesOf(resources: readonly DeployedResource[]): number {
  const variables = resources
    .filter(({ type }) => type === 'AWS::CodeBuild::Project')
    .flatMap(({ properties }) => listOf(membersOf(properties.Environment), 'EnvironmentVariables'));
  const told = variables.map(membersOf).find(({ Name }) => Name === 'BAKE_MINUTES');
  return Number(told?.Value ?? 0);
}
