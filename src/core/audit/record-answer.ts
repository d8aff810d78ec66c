import type { Decision } from '../decide/decision.ts';
import type { Places } from './candidate-places.ts';
import { listed, present } from './present-members.ts';
import type { Place, RecordedAnswer } from './recorded-decision.ts';

/** What was decided. */
export function recordAnswer(decision: Decision, places: Places): RecordedAnswer {
  const { trail, wakeUps } = decision;
  const routed = decision.kind === 'routed';
  const idPlace = (id: string): Place => places.ofId(id) ?? -1;
  const removed = trail.removed.map(({ target, by, code, missing }) => ({
    candidate: idPlace(target),
    ...{ by, code },
    ...present('missing', missing),
  }));
  const scored = trail.scored().map(({ target, scoresBps }) => [idPlace(target), ...scoresBps]);
  const jsonBy = (trail.jsonBy ?? []).map(({ target, way, because }) =>
    because === undefined ? ([idPlace(target), way] as const) : ([idPlace(target), way, because] as const),
  );
  return {
    outcome: routed ? 'routed' : decision.code,
    ...(routed ? {} : present('retryAt', decision.retryAt)),
    ...(!routed && decision.slotSoon === true ? { slotSoon: true } : {}),
    ...listed('plan', routed ? decision.plan.map(places.of) : []),
    ...listed('wakeUps', wakeUps.map(places.of)),
    ...listed('removed', removed),
    ...listed('scoresBps', scored),
    ...listed(
      'dropped',
      (trail.dropped ?? []).map(({ target, feature }) => [idPlace(target), feature] as const),
    ),
    ...listed('jsonBy', jsonBy),
  };
}
