import type { SpillwayConfig } from '#contract/config.ts';
import { isHouseError } from '#core/errors/house-error.ts';
import type { AwsAccess, CliStores } from '#runtime/cli-runtime.ts';
import type { CommandContext } from './command.ts';
import { nothingListens, silentLocalAws } from './nothing-listens.ts';
import { awsUrl, openAws } from './open-deployment.ts';
import { CommandFailure } from './usage-error.ts';

/** The tables of the deployment, the routes in one region's replica; failures say what to do. */
export async function openStores(
  context: CommandContext,
  config: SpillwayConfig,
  region = config.home.region,
): Promise<CliStores> {
  const aws = await openAws(context, config);
  checkHomeReached(aws, config);
  const stores = context.runtime.openStores(config, aws, region);
  return {
    ...stores,
    close: () => {
      stores.close();
      aws.close();
    },
  };
}

/** Fails where no profile opens the account that owns the tables, and closes what was opened. */
export function checkHomeReached(aws: AwsAccess, { home: { account } }: SpillwayConfig): void {
  if (aws.reaches(account)) return;
  aws.close();
  throw new CommandFailure(
    `The tables belong to the home account ${account}, and no --profile opens it (${aws.accounts?.join(', ')}). Name a profile of ${account}.`,
  );
}

/** Turns what the tables' adapter throws into a sentence for people; anything else goes on as it is. */
export function tableFailure(context: CommandContext, error: unknown): unknown {
  const { kind, name, message } = context.runtime.failureOf(error);
  const url = awsUrl(context);
  const local = context.line.texts('profile').length === 0;
  if (kind === 'unreachable' && local && !nothingListens({ message }))
    return new CommandFailure(`The tables did not answer. ${silentLocalAws(url)}`, error);
  if (kind === 'unreachable' && local)
    return new CommandFailure(
      `Nothing answers at ${url}. Start local mode with \`npm start\`, or name your local AWS with --aws-url or a real account with --profile.`,
      error,
    );
  if (kind === 'missing')
    return new CommandFailure(
      `The tables of this deployment do not exist there. Is it the right --config and ${local ? '--aws-url' : '--profile'}? (${message})`,
      error,
    );
  if (kind === 'other' && !isHouseError(error)) return error;
  return new CommandFailure(
    `The tables cannot be read (${name}: ${message}). Run \`spillway doctor\` to see why.`,
    error,
  );
}
