/** What AWS's own services ask before they act: whether they may become a role, and what that role may do. */
import type { AccessQuestion } from '../../iam/access-question.ts';
import { principalOf } from '../../iam/call-guard.ts';
import type { PolicyJudge, Principal } from '../../iam/policy-judge.ts';
import type { SignedCaller } from '../../lambda/front-doors/signed-caller.ts';

export interface ServicePlace {
  readonly account: string;
  readonly region: string;
}

export class ServiceAccess {
  readonly #judge: PolicyJudge;

  constructor(judge: PolicyJudge) {
    this.#judge = judge;
  }

  /** @throws an Error where the role's trust does not let the service in */
  async assume(
    service: string,
    roleArn: string,
    place: ServicePlace & { readonly context?: AccessQuestion['context'] },
  ): Promise<void> {
    const { account, region, context = {} } = place;
    const question = { action: 'sts:AssumeRole', resource: roleArn, account, context };
    const verdict = await this.#judge.judge({ kind: 'service', service }, question, region);
    if (!verdict.isAllowed) throw new Error(`the role ${roleArn} cannot be assumed by ${service}`);
  }

  /** @throws an Error that names the action, the role and the resource */
  async require(roleArn: string, question: AccessQuestion, region: string): Promise<void> {
    const account = accountOf(roleArn);
    const sessionArn = `arn:aws:sts::${account}:assumed-role/${roleArn.split('/').at(-1)}/service`;
    const principal: Principal = { kind: 'role', account, roleArn, sessionArn };
    const { isAllowed, reason } = await this.#judge.judge(principal, question, region);
    if (isAllowed) return;
    throw new Error(`the role ${roleArn} may not ${question.action} on ${question.resource}: ${reason}`);
  }

  /** Whether somebody who signed may do something at a front door. */
  async letsCaller(caller: SignedCaller, question: AccessQuestion, region: string): Promise<boolean> {
    const principal = principalOf({ account: caller.account, caller });
    return (await this.#judge.judge(principal, question, region)).isAllowed;
  }

  /** Whether an account, by somebody who may do everything in it, may do something in another one. */
  async letsAdministrator(account: string, question: AccessQuestion, region: string): Promise<boolean> {
    const principal: Principal = {
      kind: 'administrator',
      account,
      arn: `arn:aws:iam::${account}:user/deployer`,
    };
    return (await this.#judge.judge(principal, question, region)).isAllowed;
  }

  /** Whether a resource's own policy lets a service in. */
  async lets(service: string, question: AccessQuestion, region: string): Promise<boolean> {
    const verdict = await this.#judge.judge({ kind: 'service', service }, question, region);
    return verdict.isAllowed;
  }
}

export const accountOf = (arn: string): string => arn.split(':')[4] ?? '';
export const regionOf = (arn: string): string => arn.split(':')[3] ?? '';
