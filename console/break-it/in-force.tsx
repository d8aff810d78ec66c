/** What is broken at this moment, whoever broke it, and the way back. */
import { describeRule, type FaultRule } from './breakage.ts';

export interface InForceProps {
  readonly rules: readonly FaultRule[];
  readonly onMend: (rule: FaultRule) => void;
  readonly onMendEverything: () => void;
}

export function InForce({ rules, onMend, onMendEverything }: InForceProps) {
  return (
    <section class="break-force" aria-labelledby="break-force-title">
      <div class="break-line">
        <h2 id="break-force-title">In force: {rules.length === 0 ? 'nothing' : rules.length}</h2>
        <button type="button" disabled={rules.length === 0} onClick={onMendEverything}>
          Mend everything
        </button>
      </div>
      {rules.length === 0 ? (
        <p class="good">✓ Nothing is broken.</p>
      ) : (
        <ul>
          {rules.map((rule) => (
            <RuleLine key={JSON.stringify(rule)} rule={rule} onMend={onMend} />
          ))}
        </ul>
      )}
    </section>
  );
}

function RuleLine({ rule, onMend }: { readonly rule: FaultRule } & Pick<InForceProps, 'onMend'>) {
  const { title, effect } = describeRule(rule);
  return (
    <li class="break-line">
      <div>
        <strong class="bad">✗ {title}</strong>
        <p class="dim">{effect}</p>
      </div>
      <button type="button" class="quiet" aria-label={`Mend: ${title}`} onClick={() => onMend(rule)}>
        Mend
      </button>
    </li>
  );
}
