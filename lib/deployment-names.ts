/** What is made once per region (or once, at home) and carries a name that other accounts' policies spell out. */
export type FunctionKind =
  | 'discover'
  | 'verify'
  | 'plan'
  | 'gateway'
  | 'dispatch'
  | 'web'
  | 'audit'
  | 'witness';

/** IAM's limit for a role's name. */
const ROLE_NAME_LENGTH_MAX = 64;

/** One function per kind in an account and region. */
export const functionName = (deployment: string, kind: FunctionKind): string => `${deployment}-${kind}`;

/**
 * The role of a function. Roles are global in an account, so the region is in the name.
 *
 * @throws RangeError when the deployment's name leaves no room for the region's.
 */
export function functionRoleName(options: {
  readonly deployment: string;
  readonly kind: FunctionKind;
  readonly region: string;
}): string {
  return placedRoleName(options);
}

function placedRoleName(options: {
  readonly deployment: string;
  readonly kind: FunctionKind | PipelineRoleKind;
  readonly region: string;
}): string {
  const name = `${options.deployment}-${options.kind}-${options.region}`;
  if (name.length <= ROLE_NAME_LENGTH_MAX) return name;
  throw new RangeError(
    `role name ${name} has ${name.length} characters, IAM takes ${ROLE_NAME_LENGTH_MAX}: shorten the deployment's name`,
  );
}

/** Who has a role in the pipeline: itself, what makes the templates, and what deploys a wave. */
export type PipelineRoleKind = 'pipeline' | 'build' | 'deploy';

/** The role of a part of the pipeline. @throws RangeError as `functionRoleName` */
export const pipelineRoleName = (options: {
  readonly deployment: string;
  readonly kind: PipelineRoleKind;
  readonly region: string;
}): string => placedRoleName(options);

export function functionRoleArn(options: {
  readonly deployment: string;
  readonly kind: FunctionKind;
  readonly account: string;
  readonly region: string;
}): string {
  return `arn:aws:iam::${options.account}:role/${functionRoleName(options)}`;
}

/** The role of the witness of audit trails, which reads the head of each chain from home. */
export const witnessRoleArn = ({
  name,
  home,
}: {
  readonly name: string;
  readonly home: { readonly account: string; readonly region: string };
}): string => functionRoleArn({ deployment: name, kind: 'witness', ...home });

/** The pipeline of a deployment. */
export const pipelineName = (deployment: string): string => `${deployment}-waves`;

/** What CodeBuild does for the pipeline. */
export const buildProjectName = (deployment: string, kind: 'build' | 'deploy'): string =>
  `${deployment}-waves-${kind}`;

/** A dashboard; an account has one of a name in all regions together. */
export const dashboardName = (deployment: string, board: string): string => `${deployment}-${board}`;

/** An alarm of the catalogue: what watches a deployment in waves knows it by how it begins. */
export const alarmName = (deployment: string, id: string): string => `${deployment}-${id}`;

/** Under which all log groups of ours lie. */
export const logGroupPrefix = '/spillway/';

/** The log group of a function or front door. */
export const logGroupName = (physicalName: string): string => `${logGroupPrefix}${physicalName}`;
