/** Moments that a program computes: `new Date()`, `Date.now() - 30 * DAY`, `subDays(new Date(), 30)`, `dayjs().subtract(30, 'day').toDate()`. */
import { unwrap, type Names, type Node } from '../source/ast.js';
import { chainOf, constantOf, type Env, type Value } from '../source/values.js';

/** Days after now, negative before; null where the distance is not known. */
export interface Moment {
  readonly days: number | null;
}

type Evaluate = (node: Node, env: Env | null) => Value;

const DAY = 86_400_000;
const UNITS: Readonly<Record<string, number>> = { ms: 1 / DAY, millisecond: 1 / DAY, second: 1 / 86_400, s: 1 / 86_400, minute: 1 / 1440, m: 1 / 1440, hour: 1 / 24, h: 1 / 24, day: 1, d: 1, date: 1, week: 7, w: 7, month: 30, M: 30, quarter: 90, year: 365, y: 365 };
/** Functions of date-fns: `subDays(date, n)`, `addMonths(date, n)`. */
const SHIFT = /^(sub|add)(Milliseconds|Seconds|Minutes|Hours|Days|BusinessDays|Weeks|Months|Quarters|Years)$/;
const START = /^(?:dayjs|moment|luxon|utc|DateTime|local|now|tz)$/;

/** The moment that a value is, if it is one: the current time, or a distance from it. Null for any other value. */
export function momentOf(value: Value, evaluate: Evaluate, names: Names): Moment | null {
  const chain = chainOf(value);
  if (!chain || chain.root.type !== 'node') return null;
  const { node, env } = chain.root, at = unwrap(node);
  if (chain.steps.length === 0) return expression(at, env, evaluate, names);
  let moment: Moment | null = at.type === 'NewExpression' ? expression(at, env, evaluate, names) : null;
  const root = at.type === 'Identifier' ? names.origin(at)?.name ?? at.name : '';
  for (const [i, step] of chain.steps.entries()) {
    if (step.type !== 'step') return null;
    const name = step.name === '' && i === 0 ? root : step.name ?? '';
    if (step.args === null) continue;
    const shift = SHIFT.exec(name);
    const [first, second] = step.args;
    if (shift && first) {
      const base = momentOf(evaluate(first, step.env), evaluate, names);
      if (!base) return null;
      moment = shifted(base, shift[1] === 'sub' ? -1 : 1, second ? evaluate(second, step.env) : null, shift[2]!);
    } else if (moment === null && step.args.length === 0 && (START.test(name) || (name === '' && START.test(root)) || /^Date$/.test(root))) moment = { days: 0 };
    else if (moment !== null && /^(?:subtract|minus|sub|add|plus)$/.test(name)) {
      const unit = second ? constantOf(evaluate(second, step.env))?.value : undefined;
      moment = shifted(moment, /^(?:add|plus)$/.test(name) ? 1 : -1, first ? evaluate(first, step.env) : null, typeof unit === 'string' ? unit : '');
    } else if (moment === null || !/^(?:to\w+|valueOf|getTime|format|utc|local|startOf|endOf|unix|set\w+)$/.test(name)) return null;
    else if (/^(?:startOf|endOf|set)/.test(name)) moment = { days: null };
  }
  return moment;
}

function shifted(base: Moment, sign: 1 | -1, amount: Value | null, unit: string): Moment {
  const count = amount ? constantOf(amount)?.value : null, days = UNITS[unit] ?? UNITS[unit.toLowerCase().replace(/^business/, '').replace(/s$/, '')];
  return { days: base.days === null || typeof count !== 'number' || days === undefined ? null : base.days + sign * count * days };
}

function expression(node: Node, env: Env | null, evaluate: Evaluate, names: Names): Moment | null {
  switch (node.type) {
    case 'NewExpression': {
      if (node.callee.type !== 'Identifier' || node.callee.name !== 'Date') return null;
      const [argument] = node.arguments;
      return argument ? within(argument, env, evaluate, names) : { days: 0 };
    }
    case 'BinaryExpression': return within(node, env, evaluate, names);
    default: return null;
  }
}

/** Arithmetic on milliseconds: `Date.now() - 30 * 24 * 3600 * 1000`. */
function within(node: Node, env: Env | null, evaluate: Evaluate, names: Names): Moment | null {
  const at = unwrap(node);
  if (at.type === 'BinaryExpression' && (at.operator === '-' || at.operator === '+')) {
    const left = within(at.left, env, evaluate, names);
    if (!left) return null;
    const amount = constantNumber(at.right, env, evaluate);
    return { days: left.days === null || amount === null ? null : left.days + (at.operator === '-' ? -amount : amount) / DAY };
  }
  // Any other operator makes a number of no moment that is known (`seconds * 1000`).
  return at.type === 'BinaryExpression' ? null : momentOf(evaluate(at, env), evaluate, names);
}

function constantNumber(node: Node, env: Env | null, evaluate: Evaluate): number | null {
  const at = unwrap(node);
  if (at.type === 'BinaryExpression') {
    const left = constantNumber(at.left, env, evaluate), right = constantNumber(at.right, env, evaluate);
    if (left === null || right === null) return null;
    switch (at.operator) {
      case '*': return left * right;
      case '+': return left + right;
      case '-': return left - right;
      case '/': return left / right;
      default: return null;
    }
  }
  const constant = constantOf(evaluate(at, env));
  return typeof constant?.value === 'number' ? constant.value : null;
}
