import { describe, it } from 'vitest';
import { TenantsTable } from '#lib/constructs/tenants-table.ts';
import { built } from '#test/lib/built.ts';

describe('TenantsTable', () => {
  const template = built((stack) => void new TenantsTable(stack, 'Tenants', { deployment: 'acme' }));

  it('is found by the deployment’s name, and so is its key', () => {
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', { TableName: 'acme-tenants' });
    template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/acme-tenants' });
  });

  it('keeps its key when the stack goes: without it the table cannot be read', () => {
    template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });
});
