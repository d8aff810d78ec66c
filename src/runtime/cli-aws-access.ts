/** AWS as the CLI reaches it: local mode, or the profiles of real accounts. Owns the clients it opened, until `close`. */
import {
  type AccountProbe,
  createAccountProbe,
  type ProbeFailure,
  probeFailure,
} from '#adapters/aws/account-probe.ts';
import { localCredentials } from '#adapters/aws/local-credentials.ts';
import { lookupRoleCredentials } from '#adapters/aws/lookup-role-credentials.ts';
import { profileCredentials } from '#adapters/aws/profile-credentials.ts';
import type { AwsCredentials } from '#adapters/aws/sigv4-signer.ts';
import type { AssemblyStack } from './assembly-stacks.ts';
import type { AwsConnection } from './aws-connection.ts';

export interface AwsAccess {
  readonly local: boolean;
  /** Accounts that a profile opens; undefined in local mode, where every account is open. */
  readonly accounts: readonly string[] | undefined;
  /** Profiles that did not say whose they are, with why. */
  readonly failedProfiles: readonly { readonly profile: string; readonly failure: ProbeFailure }[];
  /** True when there are credentials for this account. */
  reaches(account: string): boolean;
  /** How a client of this account connects. @throws an Error when no credentials reach the account. */
  connect(account: string): AwsConnection;
  /** @throws an Error when no credentials reach the account. */
  probe(account: string, region: string): AccountProbe;
  close(): void;
}

/** Every account, at the address of a running local mode. */
export function localAccess(awsUrl: string): AwsAccess {
  const opened = openProbes((account) => ({
    credentials: localCredentials(account),
    endpoint: awsUrl,
    // Local mode answers at once or not at all.
    attemptsMax: 1,
  }));
  return { local: true, accounts: undefined, failedProfiles: [], reaches: () => true, ...opened };
}

/** The accounts whose profiles these are, asked for their names in this region. */
export async function profileAccess(names: readonly string[], region: string): Promise<AwsAccess> {
  const credentialsByAccount = new Map<string, () => Promise<AwsCredentials>>();
  const failedProfiles: { profile: string; failure: ProbeFailure }[] = [];
  for (const profile of names) {
    const credentials = profileCredentials(profile);
    const probe = createAccountProbe({ region, credentials });
    try {
      const { account } = await probe.loadIdentity();
      credentialsByAccount.set(account, credentials);
    } catch (error) {
      failedProfiles.push({ profile, failure: probeFailure(error) });
    } finally {
      probe.close();
    }
  }
  const opened = openProbes((account) => {
    const credentials = credentialsByAccount.get(account);
    if (credentials === undefined) throw new Error(`no --profile opens account ${account}`);
    return { credentials };
  });
  return {
    local: false,
    accounts: [...credentialsByAccount.keys()],
    failedProfiles,
    reaches: (account) => credentialsByAccount.has(account),
    ...opened,
  };
}

/** The accounts of a cloud assembly, each under a role of the CDK that the process's own credentials may assume. */
export function lookupRoleAccess(
  stacks: readonly AssemblyStack[],
  { region, now }: { readonly region: string; readonly now: () => number },
): AwsAccess {
  // One role of an account reads in all of its regions.
  const credentialsByAccount = new Map(
    stacks.flatMap(({ account, lookupRoleArn }) =>
      lookupRoleArn === undefined
        ? []
        : [[account, lookupRoleCredentials(lookupRoleArn, { region, now })] as const],
    ),
  );
  const opened = openProbes((account) => {
    const credentials = credentialsByAccount.get(account);
    if (credentials === undefined)
      throw new Error(`the assembly names no look-up role of account ${account}`);
    return { credentials };
  });
  return {
    local: false,
    accounts: [...credentialsByAccount.keys()],
    failedProfiles: [],
    reaches: (account) => credentialsByAccount.has(account),
    ...opened,
  };
}

function openProbes(
  accessOf: (account: string) => AwsConnection,
): Pick<AwsAccess, 'connect' | 'probe' | 'close'> {
  const open = new Map<string, AccountProbe>();
  return {
    connect: accessOf,
    probe: (account, region) => {
      const key = `${account}/${region}`;
      const probe = open.get(key) ?? createAccountProbe({ region, ...accessOf(account) });
      open.set(key, probe);
      return probe;
    },
    close: () => {
      for (const probe of open.values()) probe.close();
      open.clear();
    },
  };
}
