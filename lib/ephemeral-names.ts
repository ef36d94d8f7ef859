/**
 * Tables whose rows mean nothing to the people who use an application: logs, events, caches, tokens, sessions, outboxes, analytics.
 *
 * Names decide where they leave no doubt. `sessions`, `tokens`, `logs` and `events` may as well be what an application is about (trainings,
 * coins, meals, a calendar): there the columns have to say so, too.
 */
import { singular } from './schema/pluralise.js';

export type EphemeralKind = 'log' | 'event' | 'cache' | 'token' | 'session' | 'queue' | 'analytics';

/** What the rows of a kind are, as a message says it. */
export const EPHEMERAL_WORDS: Readonly<Record<EphemeralKind, string>> = {
  log: 'log entries', event: 'events', cache: 'cached data', token: 'tokens', session: 'sessions', queue: 'queued work', analytics: 'analytics',
};

/** Names without doubt, as their words in the singular; what stands in front of them does not matter. */
const SURE: readonly (readonly [kind: EphemeralKind, name: RegExp])[] = [
  ['log', /(?:^| )(?:audit|access|error|event|request|http|api|webhook|system|security|login|auth|debug|query|job|sync|delivery|server|email|mail|sms|notification|crash|exception|cron|admin|import|export)(?: ?log| log entry)$|(?:^| )audit (?:trail|entry|event|record)$/u],
  ['event', /(?:^| )(?:webhook|outbox|tracking|telemetry|raw|click|page ?view|log|analytics) event$|(?:^| )event (?:store|stream)$/u],
  ['cache', /(?:^| )cache?(?: entry| item| key)?$/u],
  ['token', /(?:^| )(?:refresh|session|csrf|xsrf|otp|verification|reset|recovery|confirmation|activation|login|magic link|one time|onetime) token$|(?:^| )(?:password reset|magic link|one time password|otp|nonce|csrf|(?:verification|otp|login|confirmation) code|login attempt)$/u],
  ['session', /(?:^| )(?:user|auth|login|http|web|browser|express|refresh|sso|logged in) session$/u],
  ['queue', /(?:^| )outbox(?: message| entry| item)?$|(?:^| )(?:job|task|message|mail|email|webhook|work|event|retry) queue$|(?:^| )queue job$|(?:^| )failed job$|(?:^| )webhook (?:delivery|attempt)$|(?:^| )dead letter$|(?:^| )(?:idempotency key|rate limit|heartbeat)$/u],
  ['analytics', /(?:^| )(?:analytics?|telemetry|page ?view|impression|click event)$/u],
];

interface Doubtful {
  readonly kind: EphemeralKind;
  readonly name: RegExp;
  /** One of the columns says so .. */
  readonly evidence: RegExp;
  /** .. and none says something else. */
  readonly against: RegExp;
}

/** Names with a second meaning. Columns are written as words, in the singular. */
const DOUBTFUL: readonly Doubtful[] = [
  { kind: 'session', name: /^session$/u, evidence: /^(?:sid|sess|session token|token|token hash|refresh token|jwt|expire|expiry|expires? at|expired at|user agent|ip|ip address)$/u, against: /^(?:title|name|topic|start|starts? at|start (?:time|date)|ends? at|speaker.*|room.*|capacity|score|model|prompt|summary|description)$/u },
  { kind: 'token', name: /^token$/u, evidence: /^(?:expire|expiry|expires? at|expired at|expire (?:time|date))$/u, against: /^(?:name|label|title|description|scope|permission|symbol|decimal|supply|chain.*|last used|last used at|prefix)$/u },
  { kind: 'log', name: /^log(?: entry)?$/u, evidence: /^(?:level|log level|severity|stack|stack trace|user agent|ip|ip address|request id|trace id|status code)$/u, against: /^(?:title|mood|food.*|meal.*|duration|weight|rating|visibility)$/u },
  { kind: 'event', name: /^event$/u, evidence: /^(?:event name|event type|payload|distinct id|anonymous id|user agent|ip|ip address|trace id)$/u, against: /^(?:title|name|start.*|end|end (?:at|time|date)|ends.*|location.*|venue.*|capacity|time ?zone|all day|organi[sz]er.*|calendar.*|price.*|date|host.*)$/u },
];

/**
 * The kind of a table whose rows nobody will want back, or null.
 * @param columns The names of its columns as far as they are known.
 */
export function ephemeralKind(table: string, columns: readonly string[]): EphemeralKind | null {
  const name = wordsOf(table), sure = SURE.find(([, pattern]) => pattern.test(name));
  if (sure) return sure[0];
  const doubtful = DOUBTFUL.find((one) => one.name.test(name)), known = doubtful ? columns.map(wordsOf) : [];
  return doubtful && known.some((column) => doubtful.evidence.test(column)) && !known.some((column) => doubtful.against.test(column)) ? doubtful.kind : null;
}

/** The words of a name in lower case, the last of them in the singular: `AuditLogs` → `audit log`. */
function wordsOf(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/gu, '$1 $2').toLowerCase().split(/[^a-z0-9]+/u).filter((word) => word !== '');
  if (words.length > 1 && /^(?:table|tbl)$/u.test(words.at(-1)!)) words.pop();
  return [...words.slice(0, -1), ...words.slice(-1).map(singular)].join(' ');
}
