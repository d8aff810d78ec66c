/**
 * Who may do what, as templates say it: roles with their policies, and the policies of resources.
 *
 * Invariant: nothing is judged here. What is not in the book does not exist: a role that it does not have may nothing.
 */
export type PolicyDocument = Readonly<Record<string, unknown>>;

export interface Role {
  readonly arn: string;
  readonly account: string;
  readonly trust: PolicyDocument;
  /** By name: inline and customer-managed ones. */
  readonly policies: ReadonlyMap<string, PolicyDocument>;
}

interface KeptRole extends Role {
  readonly policies: Map<string, PolicyDocument>;
}

export class PolicyBook {
  readonly #roles = new Map<string, KeptRole>();
  readonly #managed = new Map<string, PolicyDocument>();
  readonly #resources = new Map<string, PolicyDocument>();
  readonly #keyAliases = new Map<string, string>();

  addRole(arn: string, account: string, trust: PolicyDocument): void {
    this.#roles.set(arn, { arn, account, trust, policies: this.#roles.get(arn)?.policies ?? new Map() });
  }

  removeRole(arn: string): void {
    this.#roles.delete(arn);
  }

  role(arn: string): Role | undefined {
    return this.#roles.get(arn);
  }

  /** @throws an Error where there is no such role */
  attach(roleArn: string, name: string, policy: PolicyDocument): void {
    const role = this.#roles.get(roleArn);
    if (role === undefined) throw new Error(`NoSuchEntity: there is no role ${roleArn}`);
    role.policies.set(name, policy);
  }

  detach(roleArn: string, name: string): void {
    this.#roles.get(roleArn)?.policies.delete(name);
  }

  /** A policy that stands alone; roles that have it, have what it says now. Undefined takes it from all of them. */
  setManaged(arn: string, policy: PolicyDocument | undefined): void {
    for (const role of this.#roles.values()) {
      if (!role.policies.has(arn)) continue;
      if (policy === undefined) role.policies.delete(arn);
      else role.policies.set(arn, policy);
    }
    if (policy === undefined) this.#managed.delete(arn);
    else this.#managed.set(arn, policy);
  }

  managed(arn: string): PolicyDocument | undefined {
    return this.#managed.get(arn);
  }

  /** Of a queue, a bucket, a key, a function: whatever the policy stands on. Undefined takes it away. */
  setResourcePolicy(arn: string, policy: PolicyDocument | undefined): void {
    if (policy === undefined) this.#resources.delete(arn);
    else this.#resources.set(arn, policy);
  }

  /** @throws an Error where there is no such key */
  setKeyAlias(aliasArn: string, keyArn: string | undefined): void {
    if (keyArn === undefined) {
      this.#keyAliases.delete(aliasArn);
      return;
    }
    if (!this.#resources.has(keyArn)) throw new Error(`NotFoundException: there is no key ${keyArn}`);
    this.#keyAliases.set(aliasArn, keyArn);
  }

  /** The ARN of the key that goes by this ARN, its own or an alias; undefined where there is none. */
  keyNamed(arn: string): string | undefined {
    const key = this.#keyAliases.get(arn) ?? arn;
    return this.#resources.has(key) ? key : undefined;
  }

  /** `alias/…` of a key, as IAM compares them. */
  aliasesOf(keyArn: string): readonly string[] {
    return [...this.#keyAliases]
      .filter(([, key]) => key === keyArn)
      .map(([alias]) => alias.slice(alias.indexOf('alias/')));
  }

  /** Of a role, its trust; of an object, its bucket's. */
  resourcePolicy(arn: string): PolicyDocument | undefined {
    const own = this.#roles.get(arn)?.trust ?? this.#resources.get(arn);
    if (own !== undefined || !arn.startsWith('arn:aws:s3:::')) return own;
    return this.#resources.get(arn.split('/')[0] ?? '');
  }
}
