/** Stands before every call that the stand-in receives and lets pass what IAM allows. */
import type { CallContext } from '../service.ts';
import { WireError } from '../wire/wire-error.ts';
import type { AccessQuestion } from './access-question.ts';
import type { PolicyJudge, Principal } from './policy-judge.ts';

export interface CallGuard {
  /**
   * @param questions undefined where the service does not say what the call asks: then only administrators pass
   * @throws WireError AccessDeniedException with the question that was denied
   */
  check(context: CallContext, questions: readonly AccessQuestion[] | undefined): Promise<void>;
}

export function createCallGuard(judge: PolicyJudge): CallGuard {
  return {
    async check(context, questions) {
      const principal = principalOf(context);
      if (questions === undefined) {
        if (principal.kind === 'administrator') return;
        throw denied(
          context,
          `${context.service}:${context.operation}`,
          'because nothing says what it needs',
        );
      }
      for (const question of questions) {
        // In its own account an administrator may everything: only what others let it do is in question.
        if (principal.kind === 'administrator' && question.account === principal.account) continue;
        const { isAllowed, reason } = await judge.judge(principal, question, context.region);
        if (isAllowed) continue;
        throw denied(context, question.action, `on resource: ${question.resource} ${reason}`);
      }
    },
  };
}

/** Who asks, by the keys that a call was signed with. */
export function principalOf({ account, caller }: Pick<CallContext, 'account' | 'caller'>): Principal {
  return caller.roleArn === undefined
    ? { kind: 'administrator', account, arn: caller.arn }
    : { kind: 'role', account, roleArn: caller.roleArn, sessionArn: caller.arn };
}

const statusOfDenied = 403;
/** DynamoDB answers everything that is wrong with a call with this one. */
const statusOfDeniedByDynamoDb = 400;

function denied({ caller, service }: CallContext, action: string, why: string): WireError {
  return new WireError(
    'AccessDeniedException',
    service === 'dynamodb' ? statusOfDeniedByDynamoDb : statusOfDenied,
    `User: ${caller.arn} is not authorized to perform: ${action} ${why}`,
  );
}
