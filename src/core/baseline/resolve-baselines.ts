/**
 * core/baseline: the verified last resort for each model and residency.
 *
 * Invariant: a baseline comes from configuration and compiled facts alone, never from discovery, and every one lies
 * inside its residency; what cannot be resolved lawfully is a violation, not a smaller baseline. The folder owns no
 * state: the result is compiled into the gateway.
 */
import type { CompiledFacts } from '../facts/compile-facts.ts';
import {
  type ResidencyPolicy,
  type ResidencySpec,
  residencyIncludes,
  resolveResidency,
} from '../residency/resolve-residency.ts';
import type { Target } from '../target.ts';
import { nearestChoice } from './nearest-choice.ts';
import { type EntryQuestion, resolveEntry } from './resolve-entry.ts';

/** What of a configuration decides its baselines; a checked configuration is one. */
export interface BaselineConfig {
  readonly accounts: readonly { readonly id: string; readonly regions: readonly string[] }[];
  readonly residencies: Readonly<Record<string, ResidencySpec>>;
  readonly models: Readonly<Record<string, BaselineModel>>;
}

export interface BaselineModel {
  readonly kind: 'chat' | 'embedding';
  readonly candidates: readonly { readonly id: string }[];
  /** By residency. */
  readonly baseline: Readonly<Record<string, readonly BaselineSpec[]>>;
}

interface BaselineSpec {
  readonly region: string;
  /** @default - the first account that lists the region */
  readonly account?: string | undefined;
  /** @default - resolved from the facts */
  readonly id?: string | undefined;
}

/** One baseline of one (logical model, residency). */
export interface BaselineEntry {
  readonly model: string;
  readonly residency: string;
  /** The residency whose entry this is; another than `residency` when a narrower one serves a wider. */
  readonly declaredFor: string;
  readonly target: Target;
}

export interface BaselineViolation {
  /** `models.chat-large.baseline.eu[0]` */
  readonly path: string;
  readonly message: string;
}

/**
 * Every baseline of a configuration: for each model and residency its own entries in the order of the file, then
 * those of every residency inside it. All violations at once.
 */
export function resolveBaselines(question: BaselineConfig & { readonly facts: CompiledFacts }): {
  readonly entries: readonly BaselineEntry[];
  readonly violations: readonly BaselineViolation[];
} {
  const { residencies, models, facts } = question;
  const policies = Object.entries(residencies).map(([name, spec]) => resolveResidency(name, spec, facts));
  const entries: BaselineEntry[] = [];
  const violations: BaselineViolation[] = [];
  for (const [modelName, model] of Object.entries(models)) {
    const declared: BaselineEntry[] = [];
    for (const spec of declaredSpecs(modelName, model)) {
      const resolution = resolveSpec({ ...question, policies, spec });
      if (typeof resolution === 'string') violations.push({ path: spec.path, message: resolution });
      else
        declared.push({
          model: modelName,
          residency: spec.residency,
          declaredFor: spec.residency,
          target: resolution,
        });
    }
    entries.push(...policies.flatMap((policy) => servedBy(policy, declared, policies)));
  }
  return { entries, violations };
}

/** The baseline targets of one (model, residency), as `resolveBaselines` ordered them. */
export function baselineOf(
  entries: readonly BaselineEntry[],
  model: string,
  residency: string,
): readonly Target[] {
  return entries.flatMap((entry) =>
    entry.model === model && entry.residency === residency ? [entry.target] : [],
  );
}

interface DeclaredSpec extends BaselineSpec {
  readonly path: string;
  readonly residency: string;
  readonly model: BaselineModel;
}

function declaredSpecs(modelName: string, model: BaselineModel): readonly DeclaredSpec[] {
  return Object.entries(model.baseline).flatMap(([residency, specs]) =>
    specs.map((spec, index) => ({
      ...spec,
      residency,
      model,
      path: `models.${modelName}.baseline.${residency}[${index}]`,
    })),
  );
}

/** The target, or the sentence of a violation. */
function resolveSpec(
  question: Pick<BaselineConfig, 'accounts'> & {
    readonly facts: CompiledFacts;
    readonly policies: readonly ResidencyPolicy[];
    readonly spec: DeclaredSpec;
  },
): Target | string {
  const { accounts, facts, policies, spec } = question;
  const policy = policies.find((known) => known.name === spec.residency);
  if (policy === undefined) {
    return `there is no residency "${spec.residency}"; there are ${policies.map((known) => known.name).join(', ')}`;
  }
  const candidates = spec.model.candidates.map((candidate) => candidate.id);
  const choice = nearestChoice({ accounts, candidates, policy, facts, region: spec.region });
  const account = accounts.find(
    ({ id, regions }) => regions.includes(spec.region) && (spec.account === undefined || spec.account === id),
  );
  if (account === undefined) {
    const who = spec.account === undefined ? 'no account lists' : `account ${spec.account} does not list`;
    return `${who} the region ${spec.region}; ${choice}`;
  }
  const entry = { candidates, account: account.id, region: spec.region, policy, facts, id: spec.id };
  if (spec.model.kind === 'embedding' && !namesCandidate(entry)) {
    return `${spec.id} is not a candidate of this embedding model, and vectors of two models cannot be mixed; ${choice}`;
  }
  const resolution = resolveEntry(entry);
  return resolution.resolved ? resolution.target : `${resolution.why}; ${choice}`;
}

function namesCandidate({ id, candidates, facts }: EntryQuestion): boolean {
  return id === undefined || candidates.includes(facts.modelOfProfile(id) ?? id);
}

/** Own entries first, then those of residencies inside this one; a target that comes twice counts once. */
function servedBy(
  policy: ResidencyPolicy,
  declared: readonly BaselineEntry[],
  policies: readonly ResidencyPolicy[],
): readonly BaselineEntry[] {
  const inside = policies.filter((other) => other.name !== policy.name && residencyIncludes(policy, other));
  const ordered = [policy, ...inside].flatMap((source) =>
    declared.filter((entry) => entry.declaredFor === source.name),
  );
  const served = new Map<string, BaselineEntry>();
  for (const entry of ordered) {
    if (!served.has(entry.target.id)) served.set(entry.target.id, { ...entry, residency: policy.name });
  }
  return [...served.values()];
}
