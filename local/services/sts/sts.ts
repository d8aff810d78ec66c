/**
 * The stand-in's Security Token Service: temporary keys for roles of any account, and who a key is.
 *
 * Invariant: it keeps no state; keys and tokens carry all they mean, so a restart forgets nobody.
 */
import * as client from '@aws-sdk/client-sts';
import type { AccessQuestion } from '../../iam/access-question.ts';
import type { CallContext, ServiceDefinition } from '../../service.ts';
import { issueSession } from '../../wire/access-keys.ts';
import { InvalidInput, WireError } from '../../wire/wire-error.ts';

const roleArnForm = /^arn:aws[a-z-]*:iam::(\d{12}):role\/((?:[\w+=,.@-]+\/)*)([\w+=,.@-]{1,64})$/;
const sessionNameForm = /^[\w+=,.@-]{2,64}$/;
const externalIdForm = /^[\w+=,.@:/-]{2,1224}$/;
const defaultDurationSeconds = 3600;
const durationSecondsMin = 900;
const durationSecondsMax = 43_200;

/** Members of AssumeRole that change what the session may do, which nothing here would enforce. */
const unsupported = ['Policy', 'PolicyArns', 'SerialNumber', 'TokenCode', 'ProvidedContexts'] as const;

export function createStsService(): ServiceDefinition {
  return {
    service: 'sts',
    signingNames: ['sts'],
    client,
    operations: { AssumeRole: assumeRole, GetCallerIdentity: (_, context) => getCallerIdentity(context) },
    questionsOf: (input, { operation, caller, account }) =>
      operation === 'GetCallerIdentity' ? [] : assumeRoleQuestions(input, caller.roleArn ?? account),
    targetOf: (_, input) => (typeof input.RoleArn === 'string' ? input.RoleArn : undefined),
  };
}

/** Whether the caller may become the role; the judge holds the role's trust against it. */
function assumeRoleQuestions(
  input: Readonly<Record<string, unknown>>,
  caller: string,
): readonly AccessQuestion[] {
  const { RoleArn, ExternalId, RoleSessionName } = input as Partial<client.AssumeRoleCommandInput>;
  const resource = RoleArn ?? '';
  const account = roleArnForm.exec(resource)?.[1] ?? caller;
  const context = {
    ...(ExternalId === undefined ? {} : { 'sts:ExternalId': ExternalId }),
    ...(RoleSessionName === undefined ? {} : { 'sts:RoleSessionName': RoleSessionName }),
  };
  return [{ action: 'sts:AssumeRole', resource, account, context }];
}

function assumeRole(input: client.AssumeRoleCommandInput): client.AssumeRoleCommandOutput {
  checkAssumeRole(input);
  const roleArn = input.RoleArn ?? '';
  const [, account = '', , roleName = ''] = roleArnForm.exec(roleArn) ?? [];
  const sessionName = input.RoleSessionName ?? '';
  const durationSeconds = input.DurationSeconds ?? defaultDurationSeconds;
  const session = issueSession({ account, roleArn, roleName, sessionName, durationSeconds });
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: session.expiration,
    },
    AssumedRoleUser: {
      AssumedRoleId: `AROA${account}:${sessionName}`,
      Arn: `arn:aws:sts::${account}:assumed-role/${roleName}/${sessionName}`,
    },
    PackedPolicySize: 0,
    ...(input.SourceIdentity === undefined ? {} : { SourceIdentity: input.SourceIdentity }),
    $metadata: {},
  };
}

function checkAssumeRole(input: client.AssumeRoleCommandInput): void {
  const problems: string[] = [];
  if (!roleArnForm.test(input.RoleArn ?? '')) {
    problems.push(
      `Value '${input.RoleArn}' at 'roleArn' must be arn:aws:iam::<account>:role/<path and name>`,
    );
  }
  if (!sessionNameForm.test(input.RoleSessionName ?? '')) {
    problems.push(`Value '${input.RoleSessionName}' at 'roleSessionName' must match [\\w+=,.@-]{2,64}`);
  }
  if (input.ExternalId !== undefined && !externalIdForm.test(input.ExternalId)) {
    problems.push(`Value at 'externalId' must match [\\w+=,.@:/-]{2,1224}`);
  }
  const seconds = input.DurationSeconds;
  if (seconds !== undefined && !(seconds >= durationSecondsMin && seconds <= durationSecondsMax)) {
    problems.push(
      `Value '${seconds}' at 'durationSeconds' must be ${durationSecondsMin} to ${durationSecondsMax}`,
    );
  }
  if (problems.length > 0) throw new InvalidInput(problems);
  const given = unsupported.filter((name) => input[name] !== undefined);
  if (given.length > 0) {
    throw new WireError(
      'ValidationError',
      400,
      `The local AWS does not enforce ${given.join(', ')}: leave it out.`,
    );
  }
}

function getCallerIdentity({ account, caller }: CallContext): client.GetCallerIdentityCommandOutput {
  const userId =
    caller.roleArn === undefined ? `AIDA${account}` : `AROA${account}:${caller.arn.split('/').at(-1)}`;
  return { UserId: userId, Account: account, Arn: caller.arn, $metadata: {} };
}
