import { DefaultStackSynthesizer, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import type { PipelineConfig } from '#contract/pipeline.ts';
import { type WaveStack, waveKindOf, wavePlan } from '#core/deploy-waves/wave-plan.ts';
import { PipelineArtifacts } from '../constructs/pipeline-artifacts.ts';
import { PipelineProject } from '../constructs/pipeline-project.ts';
import { WavePipeline } from '../constructs/wave-pipeline.ts';
import { assumeBootstrapRoles } from '../permissions/assume-bootstrap-roles.ts';
import { SpillwayStack } from './spillway-stack.ts';

export interface PipelineStackProps {
  readonly config: SpillwayConfig;
  readonly pipeline: PipelineConfig;
  /** Every stack of the deployment, of which the waves consist. */
  readonly stacks: readonly WaveStack[];
  /** What `-c name=value` said, and says again when the pipeline makes templates. */
  readonly context: Readonly<Record<string, string | number>>;
}

/** The most that CodePipeline waits for a build. */
const WAVE_TIMEOUT = Duration.hours(8);
const BUILD_TIMEOUT = Duration.hours(1);
/** Where the assembly lies in what the build hands on. */
const ASSEMBLY_FOLDER = 'assembly';

/**
 * Deploys in waves. Nothing of the deployment refers to it, so that it can come first, later, or go. It is no part of any
 * wave: whoever may deploy into the home account changes it, never one of its own runs.
 */
export class PipelineStack extends SpillwayStack {
  constructor(scope: Construct, id: string, props: PipelineStackProps) {
    const { config, pipeline } = props;
    const description = 'Spillway: deploys in waves';
    super(scope, id, { config, place: config.home, description });
    const deployment = config.name;
    const waves = wavesOf(props);
    refuseApprovalsOfNoWave(pipeline, waves);
    const artifacts = new PipelineArtifacts(this, 'Artifacts', { deployment });
    const build = new PipelineProject(this, 'Build', {
      deployment,
      artifacts,
      kind: 'build',
      description: 'Makes the templates of all waves',
      commands: buildCommands(props, waves),
      handsOn: true,
      timeout: BUILD_TIMEOUT,
    });
    const deploy = new PipelineProject(this, 'Deploy', {
      deployment,
      artifacts,
      kind: 'deploy',
      description: 'Deploys one wave, and watches its alarms',
      commands: [deployCommand(pipeline)],
      variables: { BAKE_MINUTES: String(pipeline.bakeMinutes) },
      timeout: WAVE_TIMEOUT,
      buildsMax: 1,
    });
    const qualifier = this.synthesizer.bootstrapQualifier ?? DefaultStackSynthesizer.DEFAULT_QUALIFIER;
    assumeBootstrapRoles(deploy, config, qualifier);
    new WavePipeline(this, 'Waves', { deployment, config: pipeline, artifacts, build, deploy, waves });
  }
}

/** @throws RangeError for a first region without stacks */
function wavesOf({ config, pipeline, stacks }: PipelineStackProps): readonly string[] {
  const { firstRegion, bakeMinutes } = pipeline;
  try {
    const plan = wavePlan(stacks, {
      homeRegion: config.home.region,
      firstRegion,
      bakeSeconds: bakeMinutes * 60,
    });
    return plan.map(waveKindOf);
  } catch (error) {
    throw error instanceof RangeError ? new RangeError(`pipeline.firstRegion: ${error.message}`) : error;
  }
}

/**
 * Who asks to be asked counts on it: a stage that is never made would ask nobody.
 * @throws RangeError that names every approval of a wave that this deployment does not have
 */
function refuseApprovalsOfNoWave({ approvals }: PipelineConfig, waves: readonly string[]): void {
  const faults = approvals.flatMap((wave, index) =>
    waves.includes(wave)
      ? []
      : [`pipeline.approvals[${index}]: this deployment has no wave "${wave}"; it has ${waves.join(', ')}`],
  );
  if (faults.length > 0) throw new RangeError(faults.join('\n'));
}

/** Fails before anything is deployed where the plan has other waves than this pipeline has stages. */
function buildCommands(
  { pipeline, context }: PipelineStackProps,
  waves: readonly string[],
): readonly string[] {
  const settings = Object.entries({ ...context, config: pipeline.configFile });
  const options = settings.map(([name, value]) => `-c ${name}=${value}`).join(' ');
  return [
    ...(pipeline.runTests ? ['npm test'] : []),
    `npx cdk synth -q -o ${ASSEMBLY_FOLDER} ${options}`,
    `node bin/spillway.mjs deploy-waves ${planOptions(pipeline)} --expect ${waves.join(',')}`,
  ];
}

const deployCommand = (pipeline: PipelineConfig): string =>
  `node bin/spillway.mjs deploy-waves ${planOptions(pipeline)} --run --lookup-roles --only "$WAVE" --bake-minutes "$BAKE_MINUTES"`;

/** What both must say alike, so that they have one plan. */
function planOptions({ configFile, firstRegion }: PipelineConfig): string {
  const first = firstRegion === undefined ? '' : ` --first ${firstRegion}`;
  return `--config ${configFile} --assembly ${ASSEMBLY_FOLDER}${first}`;
}
