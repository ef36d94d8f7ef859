/** Fragments of SQL that come apart where a library puts no parentheses around them. */
import { constantText, type Part } from '../source/parts.js';
import type { TextValue } from '../source/values.js';

/** Would the text, put behind AND or in front of it, come apart at an OR of its own? */
export function isOpenOr(value: TextValue): boolean {
  const whole = (constantText(value.parts) ?? shown(value.parts)).trim();
  let depth = 0, quoted = false;
  for (const match of whole.matchAll(/'|[()]|\bOR\b/gi)) {
    if (match[0] === "'") quoted = !quoted;
    else if (quoted) continue;
    else if (match[0] === '(') depth++;
    else if (match[0] === ')') depth--;
    else if (depth === 0) return true;
  }
  return false;
}

function shown(parts: readonly Part[]): string {
  return parts.map((part) => (part.type === 'run' ? part.text : part.type === 'fork' ? shown(part.options[0] ?? []) : 'x')).join('');
}
