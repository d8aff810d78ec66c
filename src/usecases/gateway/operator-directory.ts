import { type FrontDoorPrincipal, identityOfCaller, identityOfGrant } from '#core/keys/principal.ts';
import { judgeToken, type TokenChecks, type TokenTrust } from './token-directory.ts';

/** One issuer whose tokens may carry the scope. Whose tenant the bearer is plays no part. */
export type OperatorTrust = Omit<TokenTrust, 'tenant' | 'scopes'>;

/** Somebody who may order operations. */
export interface Operator {
  /** For the audit, which must name a person or program: the whole ARN with its session, or issuer and subject. */
  readonly by: string;
}

/** Who may order operations. An API key never may: nothing here takes one. */
export interface OperatorDirectory {
  /** Undefined for everybody else. Only where the front door verifies signatures. */
  ofPrincipal(principal: FrontDoorPrincipal): Operator | undefined;
  /**
   * `not-operator`: a good token of a trusted issuer without the scope. `unknown`: no operators' issuer vouches for it.
   * `unavailable`: it cannot be judged now. Never throws.
   */
  ofToken(token: string): Promise<Operator | 'not-operator' | 'unknown' | 'unavailable'>;
}

/** What a token must hold, as a word of `scope` (RFC 8693) or of `scp`, which some issuers write instead. */
const OPERATE = 'operate';
const SUBJECT_CHARACTERS_MAX = 256;

export function createOperatorDirectory(options: {
  /** ARNs of roles and users; empty where the front door verifies no signatures. */
  readonly principals: readonly string[];
  readonly trusts: readonly OperatorTrust[];
  readonly checks: TokenChecks;
}): OperatorDirectory {
  const { principals, trusts, checks } = options;
  const granted = new Set(principals.map(identityOfGrant));
  return {
    ofPrincipal(principal) {
      const identity = identityOfCaller(principal);
      return identity !== undefined && granted.has(identity) ? { by: principal.arn } : undefined;
    },
    async ofToken(token) {
      const judged = await judgeToken(checks, trusts, token);
      const good = judged.flatMap((each) => (typeof each === 'string' ? [] : [each]));
      const found = good.find(({ claims }) => mayOperate(claims));
      if (found !== undefined) return { by: `${found.trust.issuer} ${subjectOf(found.claims)}` };
      if (good.length > 0) return 'not-operator';
      return judged.includes('unavailable') ? 'unavailable' : 'unknown';
    },
  };
}

function mayOperate({ scope, scp }: Readonly<Record<string, unknown>>): boolean {
  return [scope, scp].some((value) => wordsOf(value).includes(OPERATE));
}

/** A list of words as one text between spaces, or as an array of texts; anything else holds none. */
function wordsOf(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return value.split(' ');
  return Array.isArray(value) ? value : [];
}

/** A token need not name its subject. What it names is a caller's text: cut, and without what could break a line. */
function subjectOf({ sub }: Readonly<Record<string, unknown>>): string {
  if (typeof sub !== 'string' || sub === '') return 'without a subject';
  return sub.replace(/[^\x20-\x7e]/g, '?').slice(0, SUBJECT_CHARACTERS_MAX);
}
