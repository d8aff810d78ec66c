/** AssumeRole of the access role in another account, over the STS endpoint of the gateway's own region. */
import { accessExternalId, accessRoleArn } from '#contract/resources.ts';
import { clientSettings, createConnectionPool } from './aws-clients.ts';
import type { AwsCredentials } from './sigv4-signer.ts';
import type { StsAccess } from './sts-access.ts';

export interface AccessRoleAssumer {
  /** The signal ends the call. @throws the SDK's error, or an Error when STS answers without credentials */
  assume(account: string, signal: AbortSignal): Promise<AwsCredentials>;
  close(): void;
}

/** The longest that a role without its own setting allows, and that role chaining allows at all. */
const DURATION_SECONDS = 3_600;

export function createAccessRoleAssumer(options: {
  readonly deployment: string;
  /** The gateway's own region: a global endpoint would tie every gateway to one region's health. */
  readonly region: string;
  readonly own: () => Promise<AwsCredentials>;
  readonly endpoint?: string | undefined;
}): AccessRoleAssumer {
  const { deployment, region, own, endpoint } = options;
  const pool = createConnectionPool();
  let opening: Promise<StsAccess> | undefined;
  return {
    assume,
    close: () => {
      // One that could not be loaded has nothing to close, and told those who asked.
      opening?.then(({ close }) => close()).catch(() => undefined);
      pool.close();
    },
  };

  /** Loaded with the first target of another account: a cold start whose targets are its own does without. */
  async function open(): Promise<StsAccess> {
    const { openSts } = await import('./sts-access.ts');
    return openSts(clientSettings({ region, credentials: own, endpoint }, pool));
  }

  async function assume(account: string, signal: AbortSignal): Promise<AwsCredentials> {
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    const { assumeRole } = await opening;
    const order = {
      RoleArn: accessRoleArn(deployment, account),
      RoleSessionName: `spillway-gateway-${region}`,
      ExternalId: accessExternalId(deployment),
      DurationSeconds: DURATION_SECONDS,
    };
    const { Credentials } = await assumeRole(order, signal);
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined) {
      throw new Error(`STS answered without credentials for account ${account}`);
    }
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
      ...(Expiration === undefined ? {} : { expiration: Expiration }),
    };
  }
}
