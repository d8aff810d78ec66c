/** The witness of all chains, at home: what signs their roots, and what they are proved by. */
import { type OpenRootSigner, openKmsRootSigner } from '#adapters/aws/kms-root-signer.ts';
import type { AwsCredentials } from '#adapters/aws/sigv4-signer.ts';
import { isCryptoSignature } from '#adapters/system/crypto-signature.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { auditChainName, auditRootBucketName, auditRootKeyAlias, tableArn } from '#contract/resources.ts';
import type { RootSource } from '#usecases/audit/read-roots.ts';
import { type WitnessRun, witnessChains } from '#usecases/audit/witness-chain.ts';
import type { Log } from '#usecases/ports/log.ts';
import { gatewayAccount } from './gateway-account.ts';

/** The home account, as it is reached. */
export interface WitnessPlace {
  readonly config: Pick<SpillwayConfig, 'name' | 'home'>;
  readonly credentials: AwsCredentials | (() => Promise<AwsCredentials>);
  readonly endpoint: string | undefined;
}

export interface OpenRootSource extends RootSource {
  close(): void;
}

/** Of one chain. Calls nothing before it is used. */
export async function openRootSource(place: WitnessPlace, chain: string): Promise<OpenRootSource> {
  const { openRootStore } = await import('#adapters/aws/open-audit-stores.ts');
  const { roots, close } = openRootStore({ ...accessOf(place), bucket: bucketOf(place), chain });
  const signer = signerOf(place);
  let publicKey: Promise<string> | undefined;
  return {
    roots,
    publicKey: () => {
      publicKey ??= signer.publicKey();
      return publicKey;
    },
    isSignature: isCryptoSignature,
    close() {
      close();
      signer.close();
    },
  };
}

export interface Witness {
  /** Signs what is due of every chain. @throws HouseError with each chain that could not be signed */
  run(): Promise<WitnessRun>;
  /** Runs every so many milliseconds until `stop` aborts. Never rejects: its log tells what went wrong. */
  watch(options: { readonly everyMs: number; readonly stop: AbortSignal }): Promise<void>;
  close(): void;
}

export async function openWitness(
  place: WitnessPlace & { readonly config: SpillwayConfig; readonly log: Log },
): Promise<Witness> {
  const { config, log } = place;
  const { openChainHead, openRootStore } = await import('#adapters/aws/open-audit-stores.ts');
  const access = accessOf(place);
  const signer = signerOf(place);
  const opened = config.gateways.map((region) => {
    const account = gatewayAccount(config, region);
    const chain = auditChainName(config.name, account, region);
    const table = tableArn({ deployment: config.name, kind: 'audit', account, region });
    const head = openChainHead({ ...access, region, table, chain });
    const root = openRootStore({ ...access, bucket: bucketOf(place), chain });
    const close = (): void => {
      head.close();
      root.close();
    };
    return { witnessed: { chain, heads: head.heads, roots: root.roots }, close };
  });
  const run = (): Promise<WitnessRun> =>
    witnessChains(
      opened.map(({ witnessed }) => witnessed),
      { signer, clock: systemClock, log },
    );
  return {
    run,
    async watch({ everyMs, stop }) {
      while (!stop.aborted) {
        await systemClock.sleep(everyMs, stop).catch(() => undefined);
        if (!stop.aborted) await run().catch(() => undefined);
      }
    },
    close: () => {
      for (const { close } of opened) close();
      signer.close();
    },
  };
}

function accessOf({ config, credentials, endpoint }: WitnessPlace) {
  return { region: config.home.region, credentials, endpoint };
}

function bucketOf({ config: { name, home } }: WitnessPlace): string {
  return auditRootBucketName(name, home.account, home.region);
}

function signerOf(place: WitnessPlace): OpenRootSigner {
  return openKmsRootSigner({ ...accessOf(place), key: auditRootKeyAlias(place.config.name) });
}
