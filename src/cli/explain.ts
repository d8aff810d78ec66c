import type { SpillwayConfig } from '#contract/config.ts';
import type { Availability, Explanation } from '#contract/http.ts';
import { routeItemSchema } from '#contract/route-item.ts';
import { lanes } from '#core/capacity/lane.ts';
import type { Target } from '#core/target.ts';
import { type Command, type CommandContext, printJson } from './command.ts';
import { drawExplanation } from './explain/draw-explanation.ts';
import type { GatewayClient } from './gateway-client.ts';
import { localGatewayUrls } from './local-gateways.ts';
import { gatewayUrl, isRealAccount, openConfig, openGateway } from './open-deployment.ts';
import type { CommandLine } from './parse-command-line.ts';
import { CommandFailure, UsageError } from './usage-error.ts';

/** Enough to see the decision and its first fallbacks at a glance. */
const PLACES_SHOWN = 6;

export const explain: Command = {
  spec: {
    name: 'explain',
    synopsis: '<model> [--residency <name>] [--lane <lane>] [--from <region>] ["prompt"]',
    summary: 'Asks a gateway where it would send a request and why, without calling any model.',
    positionals: ['model?', 'prompt?'],
    options: {
      model: { type: 'string', value: '<name>', help: 'the model, where it is not the first argument' },
      residency: {
        type: 'string',
        value: '<name>',
        help: "residency of the request (default: the tenant's)",
      },
      lane: {
        type: 'string',
        value: '<lane>',
        help: `${lanes.slice(0, -1).join(', ')} or ${lanes.at(-1)}: what is full depends on it (default: the tenant's)`,
      },
      from: {
        type: 'string',
        value: '<region>',
        help: 'the gateway region that decides (default: that of --url)',
      },
      all: { type: 'boolean', help: `show the whole plan, not only its first ${PLACES_SHOWN}` },
      stream: { type: 'boolean', help: 'explain a streamed request' },
      work: {
        type: 'string',
        value: '<kind>',
        help: 'chat (default), embedding or count-tokens: what the request asks the model to do',
      },
      'max-tokens': { type: 'string', value: '<n>', help: 'longest answer that the request asks for' },
    },
    notes: [
      'Exit code 1: the request would be rejected.',
      'Example: spillway explain chat-large --residency eu --from eu-central-1 "Why is the sky blue?"',
    ],
  },
  async run(context) {
    const { line, terminal } = context;
    const asked = askedCall(line);
    const residency = line.text('residency');
    if (isRealAccount(context) && line.text('url') === undefined)
      throw new UsageError(
        'spillway explain asks a gateway: name it with --url (and --key) instead of --profile',
      );
    const { explanation, gateway, note } = await askGateway(context, requestOf(context, asked));
    if (line.flag('json')) printJson(terminal, explanation);
    else {
      if (note !== undefined) terminal.complain(note);
      const published = await loadTargets(gateway, explanation, residency);
      const known = await loadKnown(gateway, explanation);
      const { width, paint } = terminal;
      const placesMax = line.flag('all') ? explanation.plan.length : PLACES_SHOWN;
      terminal.print(...drawExplanation({ explanation, published, known, placesMax, width, paint }));
    }
    return explanation.decision === 'routed' ? 0 : 1;
  },
};

interface Question {
  /** The path of the call that is explained. */
  readonly path: string;
  readonly body: unknown;
  readonly residency: string | undefined;
  readonly lane: string | undefined;
}

interface AskedCall {
  readonly model: string;
  readonly prompt: string | undefined;
}

/** `<model> [prompt]`, or `--model <name> [prompt]`. */
function askedCall(line: CommandLine): AskedCall {
  const [first, second] = line.positionals;
  const named = line.text('model');
  if (named !== undefined && named !== '') {
    if (second === undefined) return { model: named, prompt: first };
    throw new UsageError(`Name one model: "${first}" and --model ${named} are two`);
  }
  // Who forgets the model and says the prompt is to hear of the model.
  if (first === undefined || named === '' || /\s/.test(first))
    throw new UsageError('spillway explain needs <model> (see: spillway explain --help)');
  return { model: first, prompt: second };
}

function requestOf({ line }: CommandContext, { model, prompt }: AskedCall): Question {
  const tokens = line.text('max-tokens');
  const tokensMax = tokens === undefined ? undefined : Number(tokens);
  if (tokensMax !== undefined && !(Number.isInteger(tokensMax) && tokensMax > 0))
    throw new UsageError(`--max-tokens must be a whole number from 1, not "${tokens}"`);
  const work = line.text('work') ?? 'chat';
  const form = Object.hasOwn(forms, work) ? forms[work] : undefined;
  if (form === undefined)
    throw new UsageError(`--work must be one of ${Object.keys(forms).join(', ')}, not "${work}"`);
  const answerOptions = {
    ...(line.flag('stream') ? { stream: true } : {}),
    ...(tokensMax === undefined ? {} : { max_tokens: tokensMax }),
  };
  if (work !== 'chat' && Object.keys(answerOptions).length > 0)
    throw new UsageError('--stream and --max-tokens are for chats: leave them out with --work');
  const body = { model, ...form.body(prompt ?? 'Hello'), ...answerOptions };
  const lane = line.text('lane');
  if (lane !== undefined && !lanes.some((known) => known === lane))
    throw new UsageError(`--lane must be one of ${lanes.join(', ')}, not "${lane}"`);
  return { residency: line.text('residency'), lane, path: form.path, body };
}

const messagesOf = (prompt: string) => ({ messages: [{ role: 'user', content: prompt }] });

/** One API for each kind of work; which of them speaks makes no difference to where it goes. */
const forms: Readonly<Record<string, { readonly path: string; readonly body: (prompt: string) => object }>> =
  {
    chat: { path: '/v1/chat/completions', body: messagesOf },
    embedding: { path: '/v1/embeddings', body: (prompt) => ({ input: prompt }) },
    'count-tokens': { path: '/v1/messages/count_tokens', body: messagesOf },
  };

interface Answer {
  readonly explanation: Explanation;
  readonly gateway: GatewayClient;
  /** Said on stderr when another gateway than the one named was asked. */
  readonly note?: string;
}

/** Asks the gateway of `--from`; without it the one at `--url`, or the lawful one that this one sends callers to. */
async function askGateway(context: CommandContext, question: Question): Promise<Answer> {
  const from = context.line.text('from');
  const gateway = openGateway(context);
  const explanation = await gateway.explain(question);
  if (from === undefined || explanation.from === from) {
    const lawful = explanation.code === 'wrong_gateway_region' ? explanation.gateways?.[0] : undefined;
    if (from !== undefined || lawful === undefined) return { explanation, gateway };
    const other = openGateway(context, lawful.url);
    return {
      explanation: await other.explain(question),
      gateway: other,
      note: `${explanation.from} stands outside this residency and would refuse the request (421 wrong_gateway_region); asked ${lawful.region} instead.`,
    };
  }
  const url =
    explanation.gateways?.find((other) => other.region === from)?.url ??
    (isRealAccount(context) ? undefined : (await localGatewayUrls(context))[from]) ??
    localGatewayUrl(gatewayUrl(context), await openConfig(context), from);
  const other = openGateway(context, url);
  const answer = await other.explain(question);
  if (answer.from === from) return { explanation: answer, gateway: other };
  throw new CommandFailure(
    `The gateway at ${url} stands in ${answer.from}, not in ${from}. Name the right one with --url.`,
  );
}

/** Gateways of local mode listen on ports in the order of the configuration. */
export function localGatewayUrl(
  firstUrl: string,
  config: Pick<SpillwayConfig, 'gateways'>,
  region: string,
): string {
  const index = config.gateways.indexOf(region);
  if (index === -1)
    throw new UsageError(
      `There is no gateway in "${region}"; the configuration has ${config.gateways.join(', ')}`,
    );
  const url = new URL(firstUrl);
  url.port = String(Number(url.port === '' ? '80' : url.port) + index);
  return url.origin;
}

/**
 * What discovery knows of the model, where no lawful target is left and the trail names none: a route carries lawful
 * targets only. None where it cannot be read.
 */
async function loadKnown(
  gateway: GatewayClient,
  { code, removed, route }: Explanation,
): Promise<Availability['targets']> {
  if (code !== 'no_lawful_target' || removed.length > 0) return [];
  try {
    return (await gateway.loadAvailability({ model: route.model })).targets;
  } catch (error) {
    if (error instanceof CommandFailure) return [];
    throw error;
  }
}

/** The published targets of the decision's route; none where it cannot be read. They only add detail. */
async function loadTargets(
  gateway: GatewayClient,
  { route }: Explanation,
  residency: string | undefined,
): Promise<readonly Target[]> {
  try {
    const { body } = await gateway.loadRoute(route.model, { residency: residency ?? route.residency });
    const parsed = routeItemSchema.safeParse(body);
    return parsed.success ? [...parsed.data.targets, ...parsed.data.baseline] : [];
  } catch (error) {
    if (error instanceof CommandFailure) return [];
    throw error;
  }
}
