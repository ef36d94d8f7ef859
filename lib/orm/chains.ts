/** Walking the steps of a chain. */
import type { Chain, ChainItem, Step } from '../source/values.js';

/** The steps of lists that readers ask for again and again. Chains share their lists, so that those inside of forks are walked once, too. */
const flattened = new WeakMap<readonly ChainItem[], readonly Step[]>();

/** Every step, those of all ways that a condition may go included, in order. */
export function stepsOf(chain: Chain): readonly Step[] {
  return flat(chain.steps);
}

function flat(items: readonly ChainItem[]): readonly Step[] {
  let steps = flattened.get(items);
  if (!steps) flattened.set(items, steps = items.every((item) => item.type === 'step') ? items : items.flatMap((item) => (item.type === 'step' ? [item] : item.options.flatMap(flat))));
  return steps;
}

/** The steps up to the first condition: what the chain is in any case. */
export function certainSteps(chain: Chain): Step[] {
  const end = chain.steps.findIndex((item) => item.type !== 'step');
  return (end < 0 ? chain.steps : chain.steps.slice(0, end)) as Step[];
}

/** The first call of one of the names, wherever it stands. */
export function callOf(chain: Chain, ...names: readonly string[]): Called | null {
  return (stepsOf(chain).find((step) => step.args !== null && step.name !== null && names.includes(step.name)) as Called | undefined) ?? null;
}

/** A step that is a call. */
export type Called = Step & { readonly args: NonNullable<Step['args']> };

export function isCalled(step: Step): step is Called {
  return step.args !== null;
}

/**
 * Takes the steps one after the other into a state; where the chain goes several ways, each way goes on from the same state,
 * and `merge` makes one of what comes out.
 */
export function foldSteps<State>(items: readonly ChainItem[], state: State, apply: (state: State, step: Step) => State, merge: (states: readonly State[]) => State): State {
  for (const item of items) {
    state = item.type === 'step' ? apply(state, item) : merge(item.options.map((option) => foldSteps(option, state, apply, merge)));
  }
  return state;
}

/** The steps at whose ends the chain may stand: one, or one for each way that it may go last. */
export function lastSteps(items: readonly ChainItem[]): Step[] {
  const last = items.at(-1);
  if (!last) return [];
  if (last.type === 'step') return [last];
  return last.options.flatMap((option) => (option.length > 0 ? lastSteps(option) : lastSteps(items.slice(0, -1))));
}
