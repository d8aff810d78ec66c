import type { SpillwayConfig } from '#contract/config.ts';
import type { AwsAccess } from '#runtime/cli-runtime.ts';
import type { CommandContext } from './command.ts';
import { createGatewayClient, type GatewayClient } from './gateway-client.ts';
import { CommandFailure, UsageError } from './usage-error.ts';

/** The key that the example configuration gives to its tenant, for local mode. */
const LOCAL_KEY = 'sk-local';

/** The gateway that the options name. */
export function openGateway(context: CommandContext, url?: string): GatewayClient {
  return createGatewayClient({
    url: url ?? gatewayUrl(context),
    key: gatewayKey(context),
  });
}

/** What the options show a gateway. A secret. */
export function gatewayKey({ line, runtime }: CommandContext): string {
  return line.text('key') ?? runtime.settings.key ?? (line.texts('profile').length === 0 ? LOCAL_KEY : '');
}

export function gatewayUrl({ line, runtime }: CommandContext): string {
  const url = line.text('url') ?? runtime.settings.gatewayUrl;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new UsageError(`--url must be a URL such as http://127.0.0.1:4000, not "${url}"`);
  return url;
}

export function awsUrl({ line, runtime }: CommandContext): string {
  const url = line.text('aws-url') ?? runtime.settings.awsUrl;
  if (!URL.canParse(url))
    throw new UsageError(`--aws-url must be a URL such as http://127.0.0.1:4566, not "${url}"`);
  return url;
}

/** True when AWS profiles are named: the tables of a real account are read instead of a gateway. */
export const isRealAccount = ({ line }: CommandContext): boolean => line.texts('profile').length > 0;

/** The checked configuration. @throws ConfigError with every violation */
export async function openConfig({ line, runtime }: CommandContext): Promise<SpillwayConfig> {
  return (await runtime.loadConfig(line.text('config'))).config;
}

/** AWS as the options name it, with the place of the home tables. A profile that fails is an error here. */
export async function openAws(context: CommandContext, config: SpillwayConfig): Promise<AwsAccess> {
  const { line, runtime } = context;
  const aws = await runtime.openAws({
    profiles: line.texts('profile'),
    awsUrl: awsUrl(context),
    region: config.home.region,
  });
  const [failed] = aws.failedProfiles;
  if (failed === undefined) return aws;
  aws.close();
  throw new CommandFailure(
    `Profile "${failed.profile}" cannot be used (${failed.failure.name}: ${failed.failure.message}). Sign in with it, or name another with --profile.`,
  );
}
