/** Which permissions of a deployment some call needs, and so which ones nobody does. */
import type { CallFacts } from '#test/builders/call-uses.ts';
import type { DeployedPolicies } from '#test/builders/deployed-policies.ts';

export class StatementUse {
  readonly #deployed: DeployedPolicies;
  readonly #used = new Set<string>();
  readonly #roles = new Set<string>();

  constructor(deployed: DeployedPolicies) {
    this.#deployed = deployed;
  }

  /** @param allowedBy statements, as `judge` names them */
  note(role: string, { action, resource }: CallFacts, allowedBy: readonly string[]): void {
    this.#roles.add(role);
    for (const statement of allowedBy) {
      this.#used.add(`${role} ${statement} ${action}`);
      for (const pattern of this.#patterns(role, statement))
        if (matches(pattern, resource)) this.#used.add(`${role} ${statement} ${pattern}`);
    }
  }

  /** Actions and resources that stand in a statement of a role and that no call noted needed, one line each. */
  needless(): readonly string[] {
    return [...this.#roles].flatMap((role) =>
      (this.#deployed.roles.get(role)?.policies ?? []).flatMap((policy, index) =>
        policy.Statement.flatMap(({ Sid, Action, Resource }, at) =>
          [...listOf(Action), ...listOf(Resource)]
            .filter((part) => !this.#used.has(`${role} ${index}/${at} ${part}`))
            .map((part) => `${role}: ${part} of ${String(Sid ?? [Action].flat().join())}`),
        ),
      ),
    );
  }

  #patterns(role: string, statement: string): readonly string[] {
    const [policy = 0, index = 0] = statement.split('/').map(Number);
    return listOf(this.#deployed.roles.get(role)?.policies[policy]?.Statement[index]?.Resource);
  }
}

const listOf = (value: unknown): readonly string[] => [value].flat().map(String);

function matches(pattern: string, resource: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.^$+?()[\]{}|\\/]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(resource);
}
