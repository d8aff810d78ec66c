/** What can be broken, as the fault rules of the local AWS, and what a rule in force means in words. */

/** A rule of `/_local/faults`. What is left out matches everything; others may hold more than this page writes. */
export interface FaultRule {
  readonly service?: string;
  readonly operation?: string;
  readonly account?: string;
  readonly region?: string;
  /** May hold `*`. */
  readonly target?: string;
  readonly kind: string;
  readonly milliseconds?: number;
}

/** What is called by one account in one region, with a quota of its own. */
export interface Pool {
  readonly account: string;
  readonly region: string;
  /** Id of a model or of an inference profile. */
  readonly target: string;
}

/** Something that answers: a model of Bedrock wherever it is called, or an endpoint. */
export interface SlowSubject {
  readonly service: 'bedrock-runtime' | 'sagemaker-runtime';
  /** Id of a model, or name of an endpoint. */
  readonly name: string;
}

/** No service of AWS takes a connection there: models, discovery and the region's own copy of the table. */
export const darkRegion = (region: string): FaultRule => ({ region, kind: 'refuse' });

export const throttledPool = ({ account, region, target }: Pool): FaultRule => ({
  service: 'bedrock-runtime',
  account,
  region,
  target,
  kind: 'throttle',
});

/** Through profiles too: their ids end in the model's. */
export const slowModel = ({ service, name }: SlowSubject, milliseconds: number): FaultRule => ({
  service,
  target: service === 'bedrock-runtime' ? `*${name}` : name,
  kind: 'latency',
  milliseconds,
});

/** Every table in every region: routes, observations, keys, limits. */
export const deadTable: FaultRule = { service: 'dynamodb', kind: 'refuse' };

export const isSameRule = (one: FaultRule, other: FaultRule): boolean => textOf(one) === textOf(other);

const textOf = (rule: FaultRule): string =>
  JSON.stringify(Object.entries(rule).sort(([left], [right]) => (left < right ? -1 : 1)));

export interface Description {
  readonly title: string;
  readonly effect: string;
}

/** Also of rules that somebody else ordered. */
export function describeRule(rule: FaultRule): Description {
  const { service, region, account, target = '', milliseconds = 0 } = rule;
  if (region !== undefined && isSameRule(rule, darkRegion(region)))
    return {
      title: `${region} is dark`,
      effect: 'No AWS service takes a connection there. Its gateway still answers, from other regions.',
    };
  if (isSameRule(rule, deadTable))
    return {
      title: 'The table is dead',
      effect: 'DynamoDB refuses in every region. Gateways answer from their last good copies.',
    };
  if (
    account !== undefined &&
    region !== undefined &&
    isSameRule(rule, throttledPool({ account, region, target }))
  )
    return {
      title: `${target} is throttled in ${region}`,
      effect: `Bedrock answers account ${account} with 429. Requests go to the next pool of the route.`,
    };
  if (rule.kind === 'latency' && service !== undefined && region === undefined && account === undefined)
    return {
      title: `${target.replace(/^\*/, '')} is slow`,
      effect: `Every call takes ${seconds(milliseconds)} longer.`,
    };
  return { title: `${rule.kind} on ${subjectOf(rule)}`, effect: 'A rule that was not made on this page.' };
}

const seconds = (milliseconds: number): string =>
  milliseconds < 1000 ? `${milliseconds} ms` : `${milliseconds / 1000} s`;

function subjectOf({ service, operation, account, region, target }: FaultRule): string {
  const parts = [service, operation, target, account, region].filter((part) => part !== undefined);
  return parts.length === 0 ? 'every call' : parts.join(', ');
}
