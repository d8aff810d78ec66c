import { describe, expect, it } from 'vitest';
import { accessExternalId, accessRoleArn, tableArn, tableName } from '#contract/resources.ts';

describe('physical names', () => {
  it('are made from the deployment and the kind', () => {
    expect(tableName('acme', 'routes')).toBe('acme-routes');
    expect(
      tableArn({ deployment: 'acme', kind: 'routes', account: '111111111111', region: 'eu-central-1' }),
    ).toBe('arn:aws:dynamodb:eu-central-1:111111111111:table/acme-routes');
    expect(accessRoleArn('acme', '222222222222')).toBe('arn:aws:iam::222222222222:role/acme-gateway-access');
    expect(accessExternalId('acme')).toBe('spillway-acme');
  });
});
