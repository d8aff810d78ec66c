/** What the roles of the pipeline may not do, and what nobody may do with it. */
import { bootstrapRole, pipelineSource } from '#test/builders/pipeline-calls.ts';
import { access, frankfurt, plan, type RefusedCall, refuse, roleIn } from '#test/builders/refusal.ts';

const pipeline = roleIn('111111111111', 'acme-pipeline-us-east-1');
const build = roleIn('111111111111', 'acme-build-us-east-1');
const deploy = roleIn('111111111111', 'acme-deploy-us-east-1');

const eu = { account: '222222222222', region: 'eu-central-1' };
const elsewhere = { account: '444444444444', region: 'eu-central-1' };
const become = (resource: string) => ({ action: 'sts:AssumeRole', resource });
const table = 'arn:aws:dynamodb:us-east-1:111111111111:table/acme-tenants';

/** @param bucket of what stages hand on */
export const refusedOnPipeline = (bucket: string): readonly RefusedCall[] => [
  refuse('packages that deploy while they are installed', build, become(bootstrapRole('deploy-role', eu))),
  refuse('packages that look around', build, become(bootstrapRole('lookup-role', eu))),
  refuse('the pipeline itself deploys', pipeline, become(bootstrapRole('deploy-role', eu))),
  refuse('an account outside of the configuration', deploy, become(bootstrapRole('deploy-role', elsewhere))),
  refuse('what makes resources, past CloudFormation', deploy, become(bootstrapRole('cfn-exec-role', eu))),
  refuse('images that nobody deploys', deploy, become(bootstrapRole('image-publishing-role', eu))),
  refuse('an administrator of an account', deploy, become(roleIn(eu.account, 'admin'))),
  refuse('models called by a deployment', deploy, become(access(eu.account))),
  refuse('a role of the deployment', deploy, become(frankfurt)),
  refuse('API keys read by a deployment', deploy, { action: 'dynamodb:Query', resource: table }),
  refuse('a wave that changes its pipeline', deploy, {
    action: 'codepipeline:UpdatePipeline',
    resource: 'arn:aws:codepipeline:us-east-1:111111111111:acme-waves',
  }),
  refuse('a wave that approves the next', deploy, {
    action: 'codepipeline:PutApprovalResult',
    resource: 'arn:aws:codepipeline:us-east-1:111111111111:acme-waves/all-others/Approve',
  }),
  refuse('a wave that starts another', deploy, {
    action: 'codebuild:StartBuild',
    resource: 'arn:aws:codebuild:us-east-1:111111111111:project/acme-waves-deploy',
  }),
  refuse('a wave that changes what the next deploys', deploy, {
    action: 's3:PutObject',
    resource: `${bucket}/acme-waves/Assembly/some`,
  }),
  refuse('a build that changes the source', build, {
    action: 's3:PutObject',
    resource: `arn:aws:s3:::${pipelineSource.bucket}/${pipelineSource.key}`,
  }),
  refuse('another file of the source’s bucket', pipeline, {
    action: 's3:GetObject',
    resource: `arn:aws:s3:::${pipelineSource.bucket}/other.zip`,
  }),
  refuse('somebody else’s build', pipeline, {
    action: 'codebuild:StartBuild',
    resource: 'arn:aws:codebuild:us-east-1:111111111111:project/other',
  }),
  refuse('plan that deploys', plan, become(bootstrapRole('deploy-role', eu))),
  refuse('a gateway that reads what is deployed', frankfurt, {
    action: 's3:GetObject',
    resource: `${bucket}/acme-waves/Assembly/some`,
  }),
];
