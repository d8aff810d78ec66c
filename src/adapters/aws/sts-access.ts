/** The one call of STS that a gateway makes, in a file of its own: the client is loaded with the first use. */
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  type AssumeRoleCommandOutput,
  STSClient,
  type STSClientConfig,
} from '@aws-sdk/client-sts';

export interface StsAccess {
  /** The signal ends the call. @throws the SDK's error */
  assumeRole(order: AssumeRoleCommandInput, signal: AbortSignal): Promise<AssumeRoleCommandOutput>;
  close(): void;
}

export function openSts(settings: STSClientConfig): StsAccess {
  const client = new STSClient(settings);
  return {
    assumeRole: (order, signal) => client.send(new AssumeRoleCommand(order), { abortSignal: signal }),
    close: () => client.destroy(),
  };
}
