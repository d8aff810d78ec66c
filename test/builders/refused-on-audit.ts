/** What nobody may do to the audit trail of a gateway region. */
import { auditBucketName, auditQueueName, auditRootBucketName, tableArn } from '#contract/resources.ts';
import { segmentPrefix } from '#core/audit/chain.ts';
import { rootPrefix } from '#core/audit/signed-root.ts';
import {
  adminOfEu,
  discoverIreland,
  frankfurt,
  type RefusedCall,
  refuse,
  roleIn,
  stranger,
} from '#test/builders/refusal.ts';

const account = '222222222222';
const sealer = roleIn(account, 'acme-audit-eu-central-1');
const neighbour = roleIn(account, 'acme-audit-eu-west-1');
const bucket = `arn:aws:s3:::${auditBucketName('acme', account, 'eu-central-1')}`;
const segment = `${bucket}/${segmentPrefix}some-id`;
const queue = `arn:aws:sqs:eu-central-1:${account}:${auditQueueName('acme')}`;
const head = tableArn({ deployment: 'acme', kind: 'audit', account, region: 'eu-central-1' });

const home = '111111111111';
const witness = roleIn(home, 'acme-witness-us-east-1');
const adminOfHome = roleIn(home, 'admin');
const root = `arn:aws:s3:::${auditRootBucketName('acme', home, 'us-east-1')}/${rootPrefix('acme')}some-id`;
const signingKey = `arn:aws:kms:us-east-1:${home}:key/acme-Control-${home}-us-east-1-AuditWitnessKey8A183532`;

const on = (resource: string, danger: string, role: string, ...actions: readonly string[]) =>
  actions.map((action) => refuse(danger, role, { action, resource }));

export const refusedOnAudit: readonly RefusedCall[] = [
  ...on(segment, 'a segment taken away by its sealer', sealer, 's3:DeleteObject', 's3:DeleteObjectVersion'),
  ...on(
    segment,
    'a lock lifted or moved by its sealer',
    sealer,
    's3:BypassGovernanceRetention',
    's3:PutObjectRetention',
  ),
  ...on(segment, 'a segment made by a gateway', frankfurt, 's3:PutObject'),
  ...on(segment, 'a segment made by an administrator', adminOfEu, 's3:PutObject'),
  ...on(segment, 'a segment made by another region’s sealer', neighbour, 's3:PutObject'),
  ...on(segment, 'records read by a gateway', frankfurt, 's3:GetObject'),
  ...on(segment, 'records read by discovery', discoverIreland, 's3:GetObject'),
  ...on(segment, 'records read by a stranger', stranger, 's3:GetObject'),
  ...on(
    bucket,
    'a trail that opens or is unlocked',
    sealer,
    's3:PutBucketPolicy',
    's3:PutBucketObjectLockConfiguration',
  ),
  ...on(head, 'a chain begun again', sealer, 'dynamodb:DeleteItem', 'dynamodb:DeleteTable'),
  ...on(head, 'a chain moved by a gateway', frankfurt, 'dynamodb:PutItem'),
  ...on(
    queue,
    'records lost on their way',
    frankfurt,
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:PurgeQueue',
  ),
  ...on(queue, 'a record of a decision that nobody made', discoverIreland, 'sqs:SendMessage'),
  ...on(root, 'a root made by the sealer whose chain it speaks of', sealer, 's3:PutObject'),
  ...on(root, 'a root made by an administrator of a gateway’s account', adminOfEu, 's3:PutObject'),
  ...on(root, 'a root made by an administrator of home', adminOfHome, 's3:PutObject'),
  ...on(
    root,
    'a root taken away by its witness',
    witness,
    's3:DeleteObject',
    's3:DeleteObjectVersion',
    's3:BypassGovernanceRetention',
  ),
  ...on(head, 'a chain moved by its witness', witness, 'dynamodb:PutItem'),
  ...on(segment, 'records read by the witness', witness, 's3:GetObject'),
  ...on(signingKey, 'a root signed by a sealer', sealer, 'kms:Sign'),
  ...on(signingKey, 'a root signed by an administrator of home', adminOfHome, 'kms:Sign'),
];
