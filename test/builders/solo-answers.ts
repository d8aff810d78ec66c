/** Who answered the callers of the small deployment, as its gateway told it, and why it was not its own GPUs. */
import * as z from 'zod';
import type { DeployedFleet } from './deployed-fleet.ts';
import { gatewayAlias } from './solo-fleet.ts';

const requestLineSchema = z.object({
  event: z.literal('request'),
  requestId: z.string(),
  gatewayRegion: z.string(),
  tier: z.string().nullable(),
  target: z.string().nullable(),
  attempts: z.array(z.string()),
  routeSource: z.enum(['table', 'last-good', 'baseline']),
  leaseDenials: z.int().default(0),
});

type RequestLine = z.infer<typeof requestLineSchema>;

/** What one environment of the gateway has logged, in its order. */
interface EnvironmentLog {
  readonly requests: readonly RequestLine[];
  /** Slots that the gateway asked for and heard nothing of in time: it does not lend what it knows nothing of. */
  readonly unheard: number;
}

export function readEnvironmentLog(log: string): EnvironmentLog {
  const lines = log.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
  const entries = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  return {
    requests: entries.flatMap((entry) => requestLineSchema.safeParse(entry).data ?? []),
    unheard: entries.filter(({ Event }) => Event === 'capacity-unknown').length,
  };
}

export const environmentLogs = ({ cloud }: DeployedFleet): readonly EnvironmentLog[] =>
  cloud.functions.host.environments(gatewayAlias).map(({ log }) => readEnvironmentLog(log));

/** Requests of which the gateway has told so far. */
export const requestLines = (fleet: DeployedFleet): readonly RequestLine[] =>
  environmentLogs(fleet).flatMap(({ requests }) => requests);

/**
 * Answers of others than the GPUs that nothing on a busy machine explains. Two things do, and both are what the gateway
 * promises: until an environment has read its first route it answers by the baseline that it was built with; and where the
 * book of slots is not heard within 100 ms, the gateway lends no slot, counts `capacity-unknown`, and goes past the GPUs
 * without a call to them until the book is heard again.
 */
export function unexplainedAnswers({ requests, unheard }: EnvironmentLog): string[] {
  const firstByTable = requests.findIndex(({ routeSource }) => routeSource === 'table');
  const unexplained = requests.flatMap((line, at) => {
    const { requestId, tier, target, attempts, routeSource, leaseDenials } = line;
    const told = `${requestId} was answered by ${target} (${tier}, route of ${routeSource})`;
    if (tier === 'dedicated') return [];
    if (attempts.length !== 1) return [`${told} after ${attempts.join(', ')}`];
    if (routeSource === 'baseline')
      return firstByTable < 0 || at < firstByTable ? [] : [`${told}, when its route was known`];
    return leaseDenials === 1 ? [] : [`${told}, with ${leaseDenials} denials of a slot`];
  });
  const denials = requests.reduce((sum, line) => sum + line.leaseDenials, 0);
  return denials <= unheard
    ? unexplained
    : [...unexplained, `${denials} denials of a slot, of which ${unheard} were not heard in time`];
}
