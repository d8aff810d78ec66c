import type { Wave } from '#core/deploy-waves/wave-plan.ts';
import type { AwsAccess, OpenCdk } from '#runtime/cli-runtime.ts';
import { runWaves, type WaveEvent, type WaveOutcome } from '#usecases/deploy/run-waves.ts';
import type { CommandContext } from '../command.ts';
import { awsUrl } from '../open-deployment.ts';
import { readSynthContext } from '../plan-deploy/read-synth-context.ts';
import { CommandFailure } from '../usage-error.ts';
import type { ChosenWaves } from './choose-waves.ts';
import { eventText } from './draw-waves.ts';

/** Deploys the waves. @throws CommandFailure where no templates can be made, or another run of this machine is under way */
export async function carryOut(context: CommandContext, chosen: ChosenWaves): Promise<WaveOutcome> {
  const { line, runtime } = context;
  const { config } = await runtime.loadConfig(line.text('config'));
  const lock = failing(() => runtime.lockWaves(config.name));
  try {
    const aws = await openAws(context, chosen, config.home.region);
    try {
      const cdk = await openCdk(context, chosen);
      try {
        return await underInterruption(context, chosen.waves, { config, aws, cdk });
      } finally {
        cdk.close();
      }
    } finally {
      aws.close();
    }
  } finally {
    lock.release();
  }
}

/** Errors of the runtime that say what is to be done, as such. */
function failing<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw new CommandFailure(error instanceof Error ? error.message : String(error), error);
  }
}

function openAws(context: CommandContext, { assembly }: ChosenWaves, region: string): Promise<AwsAccess> {
  const { line, runtime } = context;
  if (line.flag('lookup-roles')) return runtime.openLookupRoles(assembly?.stacks ?? [], region);
  return runtime.openAws({ profiles: line.texts('profile'), awsUrl: awsUrl(context), region });
}

async function openCdk(context: CommandContext, { file, assembly }: ChosenWaves): Promise<OpenCdk> {
  const { line, runtime, terminal } = context;
  if (assembly === undefined) terminal.complain('making the templates of all waves');
  const write = (text: string): void => terminal.complain(text.trimEnd());
  try {
    return await runtime.openCdk({
      file,
      context: readSynthContext(line),
      write,
      ...(assembly === undefined ? {} : { assembly: assembly.folder }),
    });
  } catch (error) {
    throw new CommandFailure(error instanceof Error ? error.message : String(error), error);
  }
}

/** The first Ctrl-C ends the run in order; a second one ends the program. */
async function underInterruption(
  { line, runtime, terminal }: CommandContext,
  waves: readonly Wave[],
  { config, aws, cdk }: { readonly config: WaveConfig; readonly aws: AwsAccess; readonly cdk: OpenCdk },
): Promise<WaveOutcome> {
  const interruption = runtime.listenForInterruption();
  const stop = (): void => cdk.stop();
  interruption.signal.addEventListener('abort', stop);
  try {
    return await runWaves(
      {
        clock: runtime.clock,
        deployer: cdk,
        alarms: runtime.openAlarms(config, aws),
        ...(line.flag('readers-first') ? {} : { tableKeys: runtime.openTableKeys(config, aws) }),
        interrupted: interruption.signal,
        tell: (event: WaveEvent) => terminal.complain(eventText(event)),
      },
      waves,
    );
  } finally {
    interruption.close();
  }
}

type WaveConfig = Awaited<ReturnType<CommandContext['runtime']['loadConfig']>>['config'];
