import { SecretValue } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { SoundDeployment } from '#core/dedicated/judge-deployment.ts';
import { engineEnvironment } from './engine-environment.ts';

/** Name of the variable in which the container looks for an access token of the hub. */
const TOKEN_VARIABLE = 'HF_TOKEN';

export interface ModelOptions {
  readonly deployment: SoundDeployment;
  readonly image: string;
  readonly role: Role;
}

/** The container and its weights. It has no name of its own, so that a changed one stands before the old one goes. */
export function createModel(scope: Construct, { deployment, image, role }: ModelOptions): CfnModel {
  const { weights } = deployment;
  const model = new CfnModel(scope, 'Model', {
    executionRoleArn: role.roleArn,
    primaryContainer: {
      image,
      environment: { ...engineEnvironment(deployment), ...tokenEnvironment(deployment) },
      ...(weights.from === 's3'
        ? {
            modelDataSource: {
              s3DataSource: { s3Uri: weights.uri, s3DataType: 'S3Prefix', compressionType: 'None' },
            },
          }
        : {}),
    },
  });
  model.node.addDependency(role);
  return model;
}

/** A reference that CloudFormation resolves when it deploys: the template holds no secret. */
function tokenEnvironment({ weights }: SoundDeployment): Readonly<Record<string, string>> {
  if (weights.from === 's3' || weights.tokenSecret === undefined) return {};
  return { [TOKEN_VARIABLE]: SecretValue.secretsManager(weights.tokenSecret).unsafeUnwrap() };
}
