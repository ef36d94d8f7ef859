/** Lists that a program makes of values that cannot be seen: one condition for each search term, one row for each id. */
import type { ListItem, Value } from '../source/values.js';
import { isCalled, stepsOf } from './chains.js';
import type { Session } from './session.js';

/**
 * The items of a list: of `values.map((value) => ({ .. }))`, and where that is spread into a list, what one of them looks like, which may
 * be there or not. Null for what is no list that the file shows.
 */
export function listItems(session: Session, value: Value): readonly ListItem[] | null {
  return value.type === 'list' ? value.items.flatMap((item) => shownItems(session, item)) : mapped(session, value);
}

function shownItems(session: Session, item: ListItem): readonly ListItem[] {
  return (item.type === 'rest' && item.value && mapped(session, item.value)) || [item];
}

function mapped(session: Session, value: Value): readonly ListItem[] | null {
  const chain = value.type === 'unknown' ? session.chain(value) : null;
  if (!chain) return null;
  const steps = [...stepsOf(chain)];
  // Which of them are kept is the program's choice, as is how many there are.
  while (steps.at(-1)?.name === 'filter') steps.pop();
  const last = steps.at(-1);
  if (!last || !isCalled(last) || last.name !== 'map' || !last.args[0]) return null;
  const item = session.apply(session.value(last.args[0], last.env), [session.unknown(last.at)], last.at);
  return item && [{ type: 'fork', test: null, options: [[{ type: 'item', value: item }], []] }];
}
