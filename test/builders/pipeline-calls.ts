/** What the pipeline of waves needs, by its three roles, and the roles of other accounts that trust it. */
import type { Caller, CallFacts, CallPlace, CallUse } from '#test/builders/call-uses.ts';
import type { DeployedPolicies, PolicyJson } from '#test/builders/deployed-policies.ts';

export const pipelineSource = { bucket: 'acme-sources', key: 'spillway.zip' };

const bootstrapKinds = ['deploy-role', 'file-publishing-role', 'lookup-role'] as const;

/** A role of `npx cdk bootstrap` in an account and region. */
export const bootstrapRole = (kind: string, { account, region }: CallPlace): string =>
  `arn:aws:iam::${account}:role/cdk-hnb659fds-${kind}-${account}-${region}`;

/** What `npx cdk bootstrap --trust <home>` says of who may become such a role. */
const trustOf = (home: string): PolicyJson => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: `arn:aws:iam::${home}:root` } }],
});

/** The deployment's policies, and those of the roles that were there before it. */
export function withBootstrapRoles(
  deployed: DeployedPolicies,
  { home, places }: { readonly home: CallPlace; readonly places: readonly CallPlace[] },
): DeployedPolicies {
  const roles = places.flatMap((place) =>
    bootstrapKinds.map((kind) => [bootstrapRole(kind, place), trustOf(home.account)] as const),
  );
  return { ...deployed, resources: new Map([...deployed.resources, ...roles]) };
}

/** The bucket of what stages hand on, which has no name of its own. */
export function artifactBucketOf({ owners }: DeployedPolicies): string {
  const found = [...owners.keys()].find((arn) => arn.startsWith('arn:aws:s3:::acme-Pipeline-'));
  if (found === undefined) throw new Error('the deployment has no pipeline');
  return found;
}

export function pipelineCalls(deployed: DeployedPolicies, places: readonly CallPlace[]): readonly CallUse[] {
  const bucket = artifactBucketOf(deployed);
  const key = deployed.encryption.get(bucket) ?? '';
  const use = (by: Caller, purpose: string, calls: (place: CallPlace) => readonly CallFacts[]): CallUse => ({
    by,
    for: purpose,
    at: calls,
  });
  const all = (actions: readonly string[], resource: string): readonly CallFacts[] =>
    actions.map((action) => ({ action, resource }));
  const take = [
    ...all(['s3:GetObject', 's3:GetObjectVersion'], `${bucket}/acme-waves/Assembly/some`),
    ...all(['s3:GetBucketAcl', 's3:GetBucketLocation'], bucket),
    ...all(['kms:Decrypt'], key),
  ];
  const handOn = [
    ...take,
    ...all(['s3:PutObject'], `${bucket}/acme-waves/Assembly/some`),
    ...all(['kms:Encrypt', 'kms:GenerateDataKey'], key),
  ];
  const source = `arn:aws:s3:::${pipelineSource.bucket}`;
  const read = ['s3:GetObject', 's3:GetObjectTagging', 's3:GetObjectVersion', 's3:GetObjectVersionTagging'];
  return [
    use('pipeline', 'what stages hand on', () => [...handOn, ...all(['s3:GetBucketVersioning'], bucket)]),
    use('pipeline', 'the source', () => [
      ...all(read, `${source}/${pipelineSource.key}`),
      ...all(['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'], source),
    ]),
    use('pipeline', 'starting builds', ({ account, region }) =>
      ['build', 'deploy'].flatMap((kind) =>
        all(
          ['codebuild:BatchGetBuilds', 'codebuild:StartBuild'],
          `arn:aws:codebuild:${region}:${account}:project/acme-waves-${kind}`,
        ),
      ),
    ),
    use('build', 'source and templates', () => handOn),
    use('deploy', 'templates', () => take),
    use('deploy', 'deploying, and reading alarms and tables', () =>
      places.flatMap((place) =>
        bootstrapKinds.map((kind) => ({ action: 'sts:AssumeRole', resource: bootstrapRole(kind, place) })),
      ),
    ),
    ...(['build', 'deploy'] as const).map((by) =>
      use(by, 'its log', ({ account, region }) =>
        all(
          ['logs:CreateLogStream', 'logs:PutLogEvents'],
          `arn:aws:logs:${region}:${account}:log-group:/spillway/acme-waves-${by}:log-stream:some`,
        ),
      ),
    ),
  ];
}
