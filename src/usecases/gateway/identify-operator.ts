import { type CallerEvidence, identify, keyOf, keyUncheckable } from './identify.ts';
import type { Operator } from './operator-directory.ts';
import type { Services } from './services.ts';
import { passed, type Refusal, refused, type Staged } from './stage.ts';
import { looksLikeToken } from './token-directory.ts';

type OperatorContext = Pick<Services, 'tenants' | 'operations'>;

/** Who orders, by a signature that the front door verified or by a token with the scope; an application key never does. */
export async function identifyOperator(
  context: OperatorContext,
  evidence: CallerEvidence,
): Promise<Staged<Operator>> {
  const found = await operatorOf(context, evidence);
  if (typeof found === 'object') return passed(found);
  if (found === 'unavailable') return refused(keyUncheckable);
  if (found === 'not-operator') return refused(notOperator);
  // Whoever is known is told that it is not allowed to; nobody else learns that anything is here.
  const known = await identify(context.tenants, evidence);
  return known.ok ? refused(notOperator) : known;
}

/** The operator; undefined for everybody else. Never asks whose tenant the caller is. */
export async function operatorOf(
  { tenants, operations }: OperatorContext,
  { headers, principal }: CallerEvidence,
): Promise<Operator | 'not-operator' | 'unknown' | 'unavailable'> {
  if (operations === undefined) return 'unknown';
  const { operators } = operations;
  // Where the front door verifies signatures the principal alone decides, as it does of tenants.
  if (principal !== undefined && tenants.identifyPrincipal !== undefined)
    return operators.ofPrincipal(principal) ?? 'unknown';
  const shown = keyOf(headers);
  return shown !== undefined && looksLikeToken(shown) && shown.length <= TOKEN_LENGTH_MAX
    ? operators.ofToken(shown)
    : 'unknown';
}

const TOKEN_LENGTH_MAX = 8192;

const notOperator: Refusal = {
  code: 'operation_not_allowed',
  message:
    'Operations are ordered by an IAM principal that is an operator or by a token with the scope "operate" of an operators’ issuer; an API key may not order them.',
};
