import { describe, expect, it } from 'vitest';
import {
  buildProjectName,
  functionName,
  functionRoleArn,
  functionRoleName,
  pipelineName,
  pipelineRoleName,
} from '#lib/deployment-names.ts';

describe('deployment names', () => {
  it('puts the region into the name of a role, which is global in its account', () => {
    expect(functionName('acme', 'gateway')).toBe('acme-gateway');
    expect(
      functionRoleArn({ deployment: 'acme', kind: 'gateway', account: '111111111111', region: 'eu-west-1' }),
    ).toBe('arn:aws:iam::111111111111:role/acme-gateway-eu-west-1');
  });

  it('names the pipeline, its projects and its roles', () => {
    expect(pipelineName('acme')).toBe('acme-waves');
    expect(buildProjectName('acme', 'deploy')).toBe('acme-waves-deploy');
    expect(pipelineRoleName({ deployment: 'acme', kind: 'build', region: 'us-east-1' })).toBe(
      'acme-build-us-east-1',
    );
  });

  it('rejects a deployment whose name makes a role’s name too long for IAM', () => {
    const longest = 'a'.repeat(64 - '-discover-eu-west-1'.length);
    expect(functionRoleName({ deployment: longest, kind: 'discover', region: 'eu-west-1' })).toHaveLength(64);
    expect(() =>
      functionRoleName({ deployment: `${longest}a`, kind: 'discover', region: 'eu-west-1' }),
    ).toThrow(/has 65 characters, IAM takes 64: shorten the deployment's name/);
  });
});
