import type { SpillwayConfig } from '#contract/config.ts';
import {
  controlKeys,
  metricNamespaces,
  observationKeys,
  routeKeys,
  tableName,
  tenantKeys,
} from '#contract/resources.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { type AccountProbe, type AwsAccess, probeFailure } from '#runtime/cli-runtime.ts';
import { type Check, todoOfFailure, wordsOfFailure } from './check.ts';
import { checkPromptPaths } from './check-prompt-paths.ts';
import { runLimited } from './run-limited.ts';
import { strongTableFault } from './strong-table.ts';

export interface AwsChecks {
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  /** The accounts and regions to ask, and whether their tables too. */
  readonly accounts: readonly Account[];
  readonly tables: boolean;
  readonly aws: AwsAccess;
  readonly awsUrl: string;
  readonly onProgress: (text: string) => void;
}

interface Place {
  readonly account: string;
  readonly region: string;
}

/** One question to one API: the answer as a text for people. */
interface Question {
  readonly area: string;
  readonly subject: string;
  readonly permission: string;
  readonly whenMissing?: string;
  readonly place: Place;
  readonly ask: (probe: AccountProbe) => Promise<string>;
}

const CONCURRENCY = 12;

/** Credentials of every account first; then every API in every place of the accounts that they open. */
export async function checkAws(options: AwsChecks): Promise<readonly Check[]> {
  const { config, accounts, aws, onProgress } = options;
  const unopened = accounts.filter((account) => !aws.reaches(account.id));
  const reached = accounts.filter((account) => aws.reaches(account.id));
  const identities = await askAll(
    options,
    reached.map((account) => identityQuestion(account, options.facts)),
    'credentials',
  );
  const broken = new Set(identities.filter((check) => check.status === 'broken').map((check) => check.place));
  const open = reached.filter((account) => !broken.has(placeName(firstPlace(account, options.facts))));
  const questions = open.flatMap((account) =>
    account.regions.flatMap((region) => questionsOf(config, { account: account.id, region })),
  );
  if (options.tables && open.some((account) => account.id === config.home.account))
    questions.push(...tableQuestions(config));
  const answers = await askAll(options, questions, 'AWS calls');
  const prompts = await askPromptPaths(options, open);
  onProgress('');
  return [
    ...aws.failedProfiles.map(
      ({ profile, failure }): Check => ({
        area: 'Credentials',
        subject: `profile ${profile}`,
        place: profile,
        status: 'broken',
        detail: wordsOfFailure(failure),
        todo: todoOfFailure(failure, {
          permission: 'sts:GetCallerIdentity',
          local: false,
          awsUrl: options.awsUrl,
        }),
      }),
    ),
    ...identities,
    ...unopened.map(
      (account): Check => ({
        area: 'Credentials',
        subject: 'GetCallerIdentity',
        place: `${account.name ?? account.id} (${account.id})`,
        status: 'skipped',
        detail: 'no --profile opens this account',
        todo: 'Run doctor with a --profile of each account, or in each account, to check them too.',
      }),
    ),
    ...answers,
    ...prompts,
  ];
}

async function askPromptPaths(options: AwsChecks, accounts: readonly Account[]): Promise<readonly Check[]> {
  const places = accounts.flatMap(({ id, regions }) => regions.map((region) => ({ account: id, region })));
  const answers = await runLimited(
    places.map((place) => () => checkPromptPaths({ ...options, place })),
    CONCURRENCY,
    (done) => options.onProgress(`Checking where prompts go: ${done} of ${places.length}`),
  );
  return answers.flat();
}

async function askAll(
  options: AwsChecks,
  questions: readonly Question[],
  noun: string,
): Promise<readonly Check[]> {
  return await runLimited(
    questions.map((question) => () => askOne(options, question)),
    CONCURRENCY,
    (done) => options.onProgress(`Checking ${noun}: ${done} of ${questions.length}`),
  );
}

async function askOne({ aws, awsUrl, facts }: AwsChecks, question: Question): Promise<Check> {
  const { area, subject, permission, whenMissing, place } = question;
  const head = { area, subject, place: placeName(place) };
  try {
    return { ...head, status: 'fine', detail: await question.ask(aws.probe(place.account, place.region)) };
  } catch (error) {
    if (error instanceof Unfit) return { ...head, status: 'broken', detail: error.message, todo: error.todo };
    const failure = probeFailure(error);
    const detail = wordsOfFailure(failure);
    return {
      ...head,
      status: 'broken',
      detail,
      todo: todoOfFailure(failure, {
        ...{ permission, whenMissing, local: aws.local, awsUrl },
        optInPlace: facts.isOptIn(place.region) ? place : undefined,
      }),
    };
  }
}

/** The call answered, and the answer is not good enough. */
class Unfit extends Error {
  readonly todo: string;
  constructor(message: string, todo: string) {
    super(message);
    this.todo = todo;
  }
}

const placeName = ({ account, region }: Place): string => `${region} (${account})`;

type Account = SpillwayConfig['accounts'][number];

/** Where its credentials are good if they are good at all: a region that is open to every account, if it has one. */
const firstPlace = ({ id, regions }: Account, facts: CompiledFacts): Place => ({
  account: id,
  region: regions.find((region) => !facts.isOptIn(region)) ?? regions[0] ?? 'us-east-1',
});

const identityQuestion = (account: Account, facts: CompiledFacts): Question => ({
  area: 'Credentials',
  subject: 'GetCallerIdentity',
  permission: 'sts:GetCallerIdentity',
  place: firstPlace(account, facts),
  ask: async (probe) => {
    const identity = await probe.loadIdentity();
    if (identity.account === account.id) return identity.arn;
    throw new Unfit(
      `the credentials belong to account ${identity.account}`,
      `Use credentials of account ${account.id}, or correct its id in the configuration.`,
    );
  },
});

function questionsOf(config: SpillwayConfig, place: Place): Question[] {
  const candidates = Object.values(config.models).flatMap((model) => model.candidates.map(({ id }) => id));
  const dedicated = Object.values(config.models)
    .flatMap((model) => model.dedicated)
    .filter((entry) => entry.account === place.account && entry.region === place.region);
  return [
    ...bedrockQuestions(place, candidates),
    {
      area: 'Service Quotas',
      subject: 'ListServiceQuotas',
      permission: 'servicequotas:ListServiceQuotas',
      place,
      ask: async (probe) => `${(await probe.listQuotas()).length} quotas`,
    },
    {
      area: 'CloudWatch',
      subject: 'ListMetrics',
      permission: 'cloudwatch:ListMetrics',
      place,
      ask: async (probe) => {
        await probe.listMetrics(metricNamespaces.availability);
        return 'answers';
      },
    },
    ...dedicated.map(
      (entry): Question => ({
        area: 'SageMaker',
        subject: `DescribeEndpoint ${entry.endpoint}${entry.component === undefined ? '' : `:${entry.component}`}`,
        permission: 'sagemaker:DescribeEndpoint',
        whenMissing: `Deploy endpoint ${entry.endpoint}, or take it out of the configuration.`,
        place,
        ask: async (probe) => {
          const status = await probe.describeEndpoint(entry.endpoint, entry.component);
          if (status === 'InService') return status;
          throw new Unfit(
            `its status is ${status}`,
            `Bring endpoint ${entry.endpoint} into service: it is ${status}.`,
          );
        },
      }),
    ),
  ];
}

function bedrockQuestions(place: Place, candidates: readonly string[]): readonly Question[] {
  const area = 'Bedrock';
  return [
    {
      area,
      subject: 'ListFoundationModels',
      permission: 'bedrock:ListFoundationModels',
      place,
      ask: async (probe) => {
        const models = await probe.listModels();
        if (models.length > 0) return `${models.length} models`;
        throw new Unfit(
          'answered an empty list, which discovery takes as unknown',
          'Find out why Bedrock lists no models: is the region enabled in the account? If it is gone for good, see `spillway release-region`.',
        );
      },
    },
    {
      area,
      subject: 'ListInferenceProfiles',
      permission: 'bedrock:ListInferenceProfiles',
      place,
      ask: async (probe) => `${(await probe.listProfiles()).length} profiles`,
    },
    {
      area,
      subject: 'GetFoundationModelAvailability',
      permission: 'bedrock:GetFoundationModelAvailability',
      place,
      ask: async (probe) => {
        const models = await probe.listModels();
        const asked = models.find((model) => candidates.includes(model.modelId)) ?? models[0];
        if (asked === undefined) return 'not asked: nothing is listed';
        await probe.loadAvailability(asked.modelId);
        return 'answers';
      },
    },
  ];
}

/** Every table at home, the replicas that each gateway reads, and each copy of the strongly consistent set. */
function tableQuestions(config: SpillwayConfig): readonly Question[] {
  const { home, state } = config;
  const replicas = config.gateways.filter((region) => region !== home.region);
  const keys = {
    routes: routeKeys.partition,
    observations: observationKeys.partition,
    tenants: tenantKeys.partition,
    controls: controlKeys.partition,
  } as const;
  const question = (kind: keyof typeof keys, region: string): Question => {
    const table = tableName(config.name, kind);
    return {
      area: 'DynamoDB',
      subject: `table ${table}`,
      permission: 'dynamodb:DescribeTable and dynamodb:Query',
      whenMissing: `Create table ${table}: deploy the State stack, or run \`npm start\` for local mode.`,
      place: { account: home.account, region },
      ask: async (probe) => {
        const described = await probe.describeTable(table);
        const { status } = described;
        if (status !== 'ACTIVE')
          throw new Unfit(`its status is ${status}`, `Wait until table ${table} is ACTIVE.`);
        const fault =
          kind === 'controls' && state.controls !== undefined
            ? strongTableFault(described, state.controls)
            : undefined;
        if (fault !== undefined) throw new Unfit(fault.message, fault.todo);
        await probe.queryTable(table, keys[kind]);
        return status;
      },
    };
  };
  return [
    question('routes', home.region),
    question('observations', home.region),
    question('tenants', home.region),
    ...replicas.flatMap((region) => [question('routes', region), question('tenants', region)]),
    ...(state.controls?.regions ?? []).map((region) => question('controls', region)),
  ];
}
