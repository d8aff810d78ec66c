/** What nobody may do to the files, keys and queues of batches. */
import { discoverIreland, frankfurt, type RefusedCall, refuse, stranger } from '#test/builders/refusal.ts';

const bucket = (region: string, account: string) => `arn:aws:s3:::acme-batches-${account}-${region}`;
const own = bucket('eu-central-1', '222222222222');
const neighbour = bucket('eu-west-1', '222222222222');
const queue = (region: string, name: string) => `arn:aws:sqs:${region}:222222222222:${name}`;
const plainly = { 'aws:SecureTransport': 'false' };

/** @param keyIn the key that encrypts the files of a region of account 222222222222 */
export const refusedOnFiles = (keyIn: (region: string) => string): readonly RefusedCall[] => [
  refuse('prompts of another region', frankfurt, {
    action: 's3:GetObject',
    resource: `${neighbour}/files/some-id`,
  }),
  refuse('prompts carried to another region', frankfurt, {
    action: 's3:PutObject',
    resource: `${neighbour}/files/some-id`,
  }),
  refuse('prompts of another account', frankfurt, {
    action: 's3:GetObject',
    resource: `${bucket('us-east-1', '111111111111')}/files/some-id`,
  }),
  refuse('files listed in another region', frankfurt, { action: 's3:ListBucket', resource: neighbour }),
  refuse('prompts read by discovery', discoverIreland, {
    action: 's3:GetObject',
    resource: `${neighbour}/files/some-id`,
  }),
  refuse('prompts read by a stranger', stranger, {
    action: 's3:GetObject',
    resource: `${own}/files/some-id`,
  }),
  refuse('prompts sent without encryption', frankfurt, {
    action: 's3:PutObject',
    resource: `${own}/files/some-id`,
    context: plainly,
  }),
  refuse('anything else in the bucket', frankfurt, {
    action: 's3:PutObject',
    resource: `${own}/elsewhere/some-id`,
  }),
  refuse('a bucket that opens', frankfurt, { action: 's3:PutBucketPolicy', resource: own }),
  refuse('a bucket that goes', frankfurt, { action: 's3:DeleteBucket', resource: own }),
  refuse('prompts of another region decrypted', frankfurt, {
    action: 'kms:Decrypt',
    resource: keyIn('eu-west-1'),
  }),
  refuse('prompts decrypted by discovery', discoverIreland, {
    action: 'kms:Decrypt',
    resource: keyIn('eu-west-1'),
  }),
  refuse('prompts decrypted by a stranger', stranger, {
    action: 'kms:Decrypt',
    resource: keyIn('eu-central-1'),
  }),
  refuse('a key that goes', frankfurt, {
    action: 'kms:ScheduleKeyDeletion',
    resource: keyIn('eu-central-1'),
  }),
  refuse('a key that opens', frankfurt, { action: 'kms:PutKeyPolicy', resource: keyIn('eu-central-1') }),
  refuse('a key that is lent', frankfurt, { action: 'kms:CreateGrant', resource: keyIn('eu-central-1') }),
  refuse('work asked for in another region', frankfurt, {
    action: 'sqs:SendMessage',
    resource: queue('eu-west-1', 'acme-batches'),
  }),
  refuse('work taken by discovery', discoverIreland, {
    action: 'sqs:ReceiveMessage',
    resource: queue('eu-west-1', 'acme-batches'),
  }),
  refuse('work thrown away', frankfurt, {
    action: 'sqs:PurgeQueue',
    resource: queue('eu-central-1', 'acme-batches'),
  }),
  refuse('work asked for without encryption', frankfurt, {
    action: 'sqs:SendMessage',
    resource: queue('eu-central-1', 'acme-batches'),
    context: plainly,
  }),
];
