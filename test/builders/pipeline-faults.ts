/** What is wrong with the template of a pipeline, each fault in a sentence: made to be broken on purpose. */
import type { TemplateJson } from '#core/deploy-cost/deployed-stack.ts';

export interface PipelineExpectation {
  /** Kinds of waves in the order of the plan. */
  readonly waves: readonly string[];
  /** Accounts of the configuration. */
  readonly accounts: readonly string[];
}

interface ActionJson {
  readonly ActionTypeId: { readonly Provider: string };
  readonly Configuration?: Readonly<Record<string, string>>;
  readonly InputArtifacts?: readonly { readonly Name: string }[];
}

interface StageJson {
  readonly Name: string;
  readonly Actions: readonly ActionJson[];
}

interface StatementJson {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** Empty for a pipeline that deploys every wave in order, from templates made once, into the accounts of its configuration. */
export function pipelineFaults(template: TemplateJson, expected: PipelineExpectation): readonly string[] {
  const stages = stagesOf(template);
  return [
    ...faultsOfOrder(stages, expected.waves),
    ...faultsOfTemplates(template, stages),
    ...faultsOfRoles(template, expected.accounts),
  ];
}

const resourcesOf = (template: TemplateJson, type: string) =>
  Object.values(template.Resources ?? {}).filter(({ Type }) => Type === type);

function stagesOf(template: TemplateJson): readonly StageJson[] {
  const [pipeline] = resourcesOf(template, 'AWS::CodePipeline::Pipeline');
  return (pipeline?.Properties?.Stages ?? []) as readonly StageJson[];
}

const isBuild = ({ ActionTypeId }: ActionJson): boolean => ActionTypeId.Provider === 'CodeBuild';

function faultsOfOrder(stages: readonly StageJson[], waves: readonly string[]): readonly string[] {
  const names = stages.map(({ Name }) => Name).slice(2);
  const wrong =
    names.join() === waves.join() ? [] : [`waves are out of order: ${names.join()} for ${waves.join()}`];
  const deployed = stages.slice(2).flatMap(({ Name, Actions }) =>
    Actions.filter(isBuild).flatMap(({ Configuration = {}, InputArtifacts = [] }) => {
      const variables: readonly { readonly name: string; readonly value: string }[] = JSON.parse(
        Configuration.EnvironmentVariables ?? '[]',
      );
      const wave = variables.find(({ name }) => name === 'WAVE')?.value;
      const from = InputArtifacts.map((artifact) => artifact.Name).join();
      return [
        ...(wave === Name ? [] : [`stage ${Name} deploys ${wave}`]),
        ...(from === 'Assembly' ? [] : [`stage ${Name} deploys from ${from}`]),
      ];
    }),
  );
  return [...wrong, ...deployed];
}

/** How often a run makes templates: by each action, in the commands of its project. */
function faultsOfTemplates(template: TemplateJson, stages: readonly StageJson[]): readonly string[] {
  const makes = new Map(
    resourcesOf(template, 'AWS::CodeBuild::Project').map(({ Properties = {} }) => {
      const source = Properties.Source as { readonly BuildSpec: string };
      return [String(Properties.Name), [...source.BuildSpec.matchAll(/cdk synth/g)].length] as const;
    }),
  );
  const times = stages
    .flatMap(({ Actions }) => Actions.filter(isBuild))
    .reduce((sum, { Configuration = {} }) => sum + (makes.get(String(Configuration.ProjectName)) ?? 0), 0);
  return times === 1 ? [] : [`a run makes templates ${times} times`];
}

function faultsOfRoles(template: TemplateJson, accounts: readonly string[]): readonly string[] {
  const policies = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    resourcesOf(template, type),
  );
  return policies.flatMap(({ Properties = {} }) => {
    const { Statement } = Properties.PolicyDocument as { readonly Statement: readonly StatementJson[] };
    return Statement.filter(({ Action }) => [Action].flat().some((action) => action.startsWith('sts:')))
      .flatMap(({ Resource }) => [Resource].flat())
      .map((resource) => (typeof resource === 'string' ? resource : JSON.stringify(resource)))
      .filter((resource) => !isBootstrapRole(resource, accounts))
      .map((resource) => `a role may become ${resource}`);
  });
}

function isBootstrapRole(resource: string, accounts: readonly string[]): boolean {
  const pattern =
    /^arn:aws:iam::(\d{12}):role\/cdk-[a-z0-9]+-(?:deploy|file-publishing|lookup)-role-(\d{12})-\*$/;
  const [, owner = '', named] = pattern.exec(resource) ?? [];
  return owner === named && accounts.includes(owner);
}
