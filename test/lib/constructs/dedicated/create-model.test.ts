import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '#core/dedicated/deployment.ts';
import { createModel } from '#lib/constructs/dedicated/create-model.ts';
import { aSoundDeployment } from '#test/builders/a-deployment.ts';
import { built } from '#test/lib/built.ts';

const modelOf = (changes: Partial<Deployment> = {}) => {
  const template = built((stack) => {
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
    createModel(stack, { deployment: aSoundDeployment(changes), image: 'registry/lmi:1', role });
  });
  const [model] = Object.values(template.findResources('AWS::SageMaker::Model'));
  return model?.Properties;
};

const hub = {
  from: 'hugging-face',
  id: 'acme/chat',
  revision: '0123456789abcdef0123456789abcdef01234567',
} as const;

describe('the model behind an endpoint', () => {
  it('has its weights laid into the container, unpacked, and no name that a change would collide with', () => {
    const model = modelOf();
    expect(model.ModelName).toBeUndefined();
    expect(model.PrimaryContainer).toMatchObject({
      Image: 'registry/lmi:1',
      ModelDataSource: {
        S3DataSource: {
          S3Uri: 's3://models/chat-small/v3/',
          S3DataType: 'S3Prefix',
          CompressionType: 'None',
        },
      },
    });
    expect(model.PrimaryContainer.Environment.HF_TOKEN).toBeUndefined();
  });

  it('fetches weights of the hub by commit, with a token that no template holds', () => {
    const { PrimaryContainer: open } = modelOf({ weights: hub });
    expect(open.ModelDataSource).toBeUndefined();
    expect(open.Environment).toMatchObject({ HF_MODEL_ID: 'acme/chat', OPTION_REVISION: hub.revision });
    const { PrimaryContainer: gated } = modelOf({ weights: { ...hub, tokenSecret: 'acme/hub-token' } });
    expect(gated.Environment.HF_TOKEN).toBe('{{resolve:secretsmanager:acme/hub-token:SecretString:::}}');
  });
});
