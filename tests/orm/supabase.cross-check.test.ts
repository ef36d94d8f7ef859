/**
 * Supabase's calls against the requests that postgrest-js makes of them. There is no SQL to look at before the server has made it, so a small
 * translator of its own says here what PostgREST makes of a request (PostgREST documentation, "Tables and Views", "Resource Embedding", "Upsert").
 */
import { PostgrestClient } from '@supabase/postgrest-js';
import ts from 'typescript';
import type { Manifest } from '../../lib/manifest/index.js';
import { supabase } from '../../lib/orm/supabase.js';
import { crossCheck, type Shape } from './cross-check.js';

const MANIFEST: Manifest = {
  tables: {
    users: { deletion: 'soft', unique: [['email']] }, posts: 'soft', comments: { deletion: 'soft', tombstone: { column: 'is_deleted', live: false } },
    documents: { deletion: 'soft', tombstone: ['deleted_at', 'archived_at'] }, tags: 'hard',
  },
};

// ---------------------------------------------------------------------------------------------- from requests to SQL

/** Which columns lead to which tables. */
const FOREIGN_KEYS: Readonly<Record<string, Readonly<Record<string, string>>>> = { posts: { user_id: 'users' }, comments: { post_id: 'posts', user_id: 'users' }, tags: { post_id: 'posts' }, documents: { user_id: 'users' } };

interface Request { readonly method: string; readonly url: URL; readonly prefer: string; readonly body: unknown }
interface Node { readonly table: string; readonly label: string; readonly inner: boolean; readonly columns: readonly string[]; readonly children: readonly Node[] }

function parseNode(table: string, label: string, inner: boolean, text: string): Node {
  const columns: string[] = [], children: Node[] = [];
  for (const item of commas(text)) {
    const part = item.replace(/^\.\.\./u, ''), match = /^(?:(\w+):)?(\w+)((?:!\w+)*)\((.*)\)$/su.exec(part);
    if (match && !/\.\w+$/u.test(part.slice(0, part.indexOf('('))) && !(match[2] === 'count' && match[4] === '')) children.push(parseNode(aliasOf(table, match[2]!), match[1] ?? match[2]!, match[3]!.includes('!inner'), match[4]!));
    else columns.push(part);
  }
  return { table, label, inner, columns, children };
}

/** A column with a foreign key names the table that it leads to. */
const aliasOf = (table: string, name: string): string => FOREIGN_KEYS[table]?.[name] ?? name;

function commas(text: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

const OPERATORS: Readonly<Record<string, string>> = { eq: '=', neq: '<>', gt: '>', gte: '>=', lt: '<', lte: '<=', like: 'LIKE', ilike: 'ILIKE', isdistinct: 'IS DISTINCT FROM', cs: '@>', cd: '<@', ov: '&&', match: '~', imatch: '~*' };

function value(text: string): string {
  if (/^(?:null|true|false|-?\d+(?:\.\d+)?)$/u.test(text)) return text.toUpperCase();
  return `'${text.replace(/^"(.*)"$/su, '$1').replaceAll("'", "''")}'`;
}

function operation(column: string, text: string): string {
  if (text.startsWith('not.')) return `NOT (${operation(column, text.slice(4))})`;
  const [name = '', ...rest] = text.split('.'), operand = rest.join('.'), word = name.replace(/\(.*\)$/u, '');
  if (word === 'in') return `${column} IN (${commas(operand.slice(1, -1)).map(value).join(', ')})`;
  if (word === 'is') return `${column} IS ${operand === 'not_null' ? 'NOT NULL' : operand.toUpperCase()}`;
  if (word === 'fts') return `to_tsvector(${column}) @@ to_tsquery(${value(operand)})`;
  return `${column} ${OPERATORS[word] ?? '='} ${value(operand)}`;
}

function logic(how: string, text: string, table: string): string {
  const items = commas(text.replace(/^\((.*)\)$/su, '$1')).map((item) => {
    const group = /^(not\.)?(and|or)(\(.*\))$/su.exec(item);
    if (group) return `${group[1] ? 'NOT ' : ''}${logic(group[2]!, group[3]!, table)}`;
    const dot = item.indexOf('.');
    return operation(`${table}.${item.slice(0, dot)}`, item.slice(dot + 1));
  });
  return `(${items.join(` ${how.toUpperCase()} `)})`;
}

/** The conditions of a request on the rows of one resource, whose names are `path`. */
function conditions(request: Request, path: readonly string[], node: Node, table: string): string[] {
  return [...request.url.searchParams].flatMap(([key, text]) => {
    const parts = key.replace(/->.*$/u, '').split('.'), name = parts.at(-1)!;
    if (parts.slice(0, -1).join('.') !== path.join('.') || /^(?:select|order|limit|offset|on_conflict|columns)$/u.test(name)) return [];
    if (name === 'or' || name === 'and') return [logic(name, text, table)];
    const child = node.children.find(({ label }) => label === name);
    return [operation(child ? `${child.label}.id` : key.includes('->') ? `${table}.${name} ->> 'x'` : `${table}.${name}`, text)];
  });
}

function rows(request: Request, node: Node, path: readonly string[], link: string | null): string {
  const self = node.label, counted = node.columns.includes('count');
  const joins = node.children.filter(({ columns }) => !columns.includes('count')).map((child) => `${child.inner ? 'INNER' : 'LEFT'} JOIN LATERAL (${rows(request, child, [...path, child.label], linked(node, child))}) AS ${child.label} ON TRUE`);
  const counts = node.children.filter(({ columns }) => columns.includes('count')).map((child) => `(${rows(request, child, [...path, child.label], linked(node, child))}) AS ${child.label}`);
  const columns = counted ? ['count(*)'] : node.columns.map((column) => {
    const [, name, aggregate] = /^(?:\w+:)?(\w+)(?:\.(\w+)\(\))?/u.exec(column) ?? [];
    return column === '*' ? `${self}.*` : column === 'count()' ? 'count(*)' : aggregate ? `${aggregate}(${self}.${name})` : `${self}.${name ?? 'id'}`;
  });
  const where = [...(link === null ? [] : [link]), ...conditions(request, path, node, self)];
  const grouped = !counted && node.columns.some((column) => column.endsWith('()')) ? columns.filter((column) => !column.includes('(')) : [];
  const limit = request.url.searchParams.get([...path, 'limit'].join('.'));
  return `SELECT ${[...columns, ...counts].join(', ') || '1'} FROM ${node.table} AS ${self} ${joins.join(' ')} ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ${grouped.length > 0 ? `GROUP BY ${grouped.join(', ')}` : ''} ${limit ? `LIMIT ${limit}` : ''}`;
}

function linked(parent: Node, child: Node): string {
  const own = Object.entries(FOREIGN_KEYS[parent.table] ?? {}).find(([, table]) => table === child.table), back = Object.entries(FOREIGN_KEYS[child.table] ?? {}).find(([, table]) => table === parent.table);
  return own ? `${child.label}.id = ${parent.label}.${own[0]}` : `${child.label}.${back?.[0] ?? 'parent_id'} = ${parent.label}.id`;
}

function toSql(request: Request): string {
  const table = request.url.pathname.replace(/^.*\//u, ''), select = request.url.searchParams.get('select');
  const node = parseNode(table, table, false, select ?? '*'), where = conditions(request, [], { ...node, children: [] }, table), filter = where.length > 0 ? ` WHERE ${where.join(' AND ')}` : '';
  const first = (Array.isArray(request.body) ? (request.body as unknown[])[0] : request.body ?? {}) as Record<string, unknown>;
  const written = (set: unknown): string => (set === null ? 'NULL' : typeof set === 'string' && /^\d{4}-\d\d-\d\dT/u.test(set) ? 'now()' : typeof set === 'string' ? `'${set}'` : String(set));
  const sets = Object.entries(first).map(([column, set]) => `${column} = ${written(set)}`).join(', ');
  // What is embedded in the rows that come back is read beside them.
  const returning = select === null ? '' : ` RETURNING ${[...node.columns.map((column) => (column === '*' ? '*' : `${table}.${column}`)), ...node.children.map((child) => `(${rows(request, child, [child.label], linked(node, child))}) AS ${child.label}`)].join(', ')}`;
  switch (request.method) {
    case 'HEAD': return rows(request, { ...node, columns: ['count'] }, [], null);
    case 'GET': return rows(request, node, [], null);
    case 'DELETE': return `DELETE FROM ${table}${filter}${returning}`;
    case 'PATCH': return `UPDATE ${table} SET ${sets}${filter}${returning}`;
    default: {
      const resolution = /resolution=(\w+)/u.exec(request.prefer)?.[1], columns = request.url.searchParams.get('on_conflict') ?? 'id';
      const conflict = resolution === undefined ? '' : ` ON CONFLICT (${columns}) DO ${resolution === 'ignore' ? 'NOTHING' : `UPDATE SET ${sets}`}`;
      return `INSERT INTO ${table} (${Object.keys(first).join(', ')}) VALUES (${Object.values(first).map(written).join(', ')})${conflict}${returning}`;
    }
  }
}

/** Runs code with a client whose requests go nowhere, and gives the SQL of each. */
async function run(code: string): Promise<readonly string[]> {
  const sent: Promise<string>[] = [];
  const record = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    sent.push(Promise.resolve(toSql({ method: init.method ?? 'GET', url: new URL(String(input)), prefer: headers.get('Prefer') ?? '', body: typeof init.body === 'string' ? JSON.parse(init.body) as unknown : null })));
    return new Response(init.method === 'HEAD' ? null : '[]', { status: 200, headers: { 'content-type': 'application/json' } });
  };
  const client = new PostgrestClient('http://localhost', { fetch: record as typeof fetch });
  const body = /\breturn\b/.test(code) ? code : `return ${code};`;
  const { outputText } = ts.transpileModule(`async function shape() {\n${body}\n}`, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  const make = new Function('supabase', `${outputText}\nreturn shape();`) as (...args: unknown[]) => Promise<unknown>;
  await make(client);
  return Promise.all(sent);
}

const PRELUDE = "import { supabase } from './supabase-client';";
const shape = (code: string, differs?: Shape['differs']): Shape => ({ code, ...(differs ? { differs } : {}) });

const SHAPES: readonly Shape[] = [
  // rows
  shape("await supabase.from('users').select()"),
  shape("await supabase.from('users').select('*')"),
  shape("await supabase.from('users').select('id, name').is('deleted_at', null)"),
  shape("await supabase.schema('public').from('users').select('id').is('deleted_at', null)"),
  shape("await supabase.from('users').select('id').not('deleted_at', 'is', null)"),
  shape("await supabase.from('users').select('id').filter('deleted_at', 'is', null)"),
  shape("await supabase.from('users').select('id').filter('deleted_at', 'is', 'null')"),
  shape("await supabase.from('users').select('id').filter('deleted_at', 'not.is', null)"),
  shape("await supabase.from('users').select('id').eq('deleted_at', null)"),
  shape("await supabase.from('users').select('id').neq('deleted_at', null)"),
  shape("await supabase.from('users').select('id').match({ role: 'admin' })"),
  shape("await supabase.from('users').select('id').match({ role: 'admin', deleted_at: null })"),
  shape("await supabase.from('users').select('id').match({ role: 'admin', deleted_at: undefined })"),
  shape("await supabase.from('users').select('id').lt('deleted_at', '2020-01-01')"),
  shape("await supabase.from('users').select('id').gte('deleted_at', '2020-01-01')"),
  shape("await supabase.from('users').select('id').isDistinct('deleted_at', null)"),
  shape("await supabase.from('users').select('id').in('role', ['a', 'b'])"),
  shape("await supabase.from('users').select('id').in('id', [1, 2]).is('deleted_at', null)"),
  shape("await supabase.from('users').select('id').notIn('role', ['a'])"),
  shape("await supabase.from('users').select('id').ilike('name', '%x%').contains('tags', ['a']).is('deleted_at', null)"),
  shape("await supabase.from('users').select('id').textSearch('name', 'x')"),
  shape("await supabase.from('users').select('id').eq('data->>key', 'x').is('deleted_at', null)"),
  shape("await supabase.from('comments').select('id').eq('is_deleted', false)"),
  shape("await supabase.from('comments').select('id').is('is_deleted', false)"),
  shape("await supabase.from('comments').select('id').neq('is_deleted', true)"),
  shape("await supabase.from('comments').select('id').not('is_deleted', 'is', true)"),
  shape("await supabase.from('documents').select('id').is('deleted_at', null)"),
  shape("await supabase.from('documents').select('id').is('deleted_at', null).is('archived_at', null)"),
  // or
  shape("await supabase.from('users').select('id').or('deleted_at.is.null')"),
  shape("await supabase.from('users').select('id').or('deleted_at.is.null,role.eq.admin')"),
  shape("await supabase.from('users').select('id').is('deleted_at', null).or('role.eq.admin,name.ilike.%x%')"),
  shape("await supabase.from('users').select('id').or('and(deleted_at.is.null,role.eq.a),and(deleted_at.is.null,role.eq.b)')"),
  shape("await supabase.from('users').select('id').or('and(deleted_at.is.null,role.eq.a),role.eq.b')"),
  shape("await supabase.from('users').select('id').or('not.and(deleted_at.not.is.null,role.eq.a)')"),
  shape("await supabase.from('users').select('id').or('deleted_at.not.is.null,role.in.(a,b)')"),
  shape("await supabase.from('users').select('id').or('deleted_at.is.null,deleted_at.gt.2020-01-01')"),
  shape("const q = 'x'; await supabase.from('users').select('id').or(`name.ilike.%${q}%,email.ilike.%${q}%`).is('deleted_at', null); return 1"),
  // one row, order, limits
  shape("await supabase.from('users').select('id').eq('id', 1).single()"),
  shape("await supabase.from('users').select('id').eq('email', 'x').is('deleted_at', null).maybeSingle()"),
  shape("await supabase.from('users').select('id').order('name').limit(10)"),
  shape("await supabase.from('users').select('id').is('deleted_at', null).order('name', { ascending: false }).range(0, 9)"),
  // counts
  shape("await supabase.from('users').select('*', { count: 'exact', head: true })"),
  shape("await supabase.from('users').select('*', { count: 'exact', head: true }).is('deleted_at', null)"),
  shape("await supabase.from('users').select('*', { count: 'exact' }).is('deleted_at', null)"),
  shape("await supabase.from('users').select('role, id.count()').is('deleted_at', null)"),
  shape("await supabase.from('users').select('role, age.sum()')"),
  shape("await supabase.from('users').select('count()')"),
  // embedded resources
  shape("await supabase.from('users').select('id, posts(*)').is('deleted_at', null)"),
  shape("await supabase.from('users').select('id, posts(id, title)').is('deleted_at', null).is('posts.deleted_at', null)"),
  shape("await supabase.from('users').select('id, articles:posts(id)').is('deleted_at', null).is('articles.deleted_at', null)"),
  shape("await supabase.from('users').select('id, posts!inner(id)').is('deleted_at', null)"),
  shape("await supabase.from('users').select('id, posts!inner(id)').is('deleted_at', null).is('posts.deleted_at', null)"),
  shape("await supabase.from('users').select('id, posts!left(id)').is('posts.deleted_at', null)"),
  shape("await supabase.from('users').select('id, posts(count)').is('deleted_at', null)"),
  shape("await supabase.from('users').select('id, posts(count)').is('deleted_at', null).is('posts.deleted_at', null)"),
  shape("await supabase.from('posts').select('id, author:users!inner(id, name)').is('deleted_at', null).is('author.deleted_at', null)"),
  shape("await supabase.from('posts').select('id, author:user_id(id, name)').is('deleted_at', null)"),
  shape("await supabase.from('posts').select('id, ...users(name)').is('deleted_at', null)"),
  shape("await supabase.from('posts').select(`id, comments(id, users(name))`).is('deleted_at', null).eq('comments.is_deleted', false)"),
  shape("await supabase.from('posts').select('id, comments(id, users(name))').is('deleted_at', null).eq('comments.is_deleted', false).is('comments.users.deleted_at', null)"),
  shape("await supabase.from('tags').select('id, posts(id)')"),
  shape("await supabase.from('users').select('id, posts(id)').is('deleted_at', null).or('deleted_at.is.null,title.eq.x', { referencedTable: 'posts' })"),
  shape("await supabase.from('users').select('id, posts(id)').is('deleted_at', null).or('deleted_at.is.null', { referencedTable: 'posts' })"),
  shape("await supabase.from('users').select('id, posts(id)').is('deleted_at', null).is('posts.deleted_at', null).limit(1, { referencedTable: 'posts' })"),
  shape("await supabase.from('users').select('id, posts(id)').is('deleted_at', null).is('posts.deleted_at', null).not('posts', 'is', null)"),
  shape("await supabase.from('users').select('id, posts(id)').is('deleted_at', null).is('posts.deleted_at', null).filter('posts', 'is', null)"),
  shape("await supabase.from('users').select('id:uid, name::text, data->a->>b, posts(id)').is('deleted_at', null).is('posts.deleted_at', null)"),
  // writes
  shape("await supabase.from('users').update({ name: 'x' }).is('deleted_at', null)"),
  shape("await supabase.from('users').update({ name: 'x' }).eq('id', 1)"),
  shape("await supabase.from('users').update({ deleted_at: new Date().toISOString() }).eq('id', 1)"),
  shape("await supabase.from('users').update({ deleted_at: new Date().toISOString() }).eq('id', 1).is('deleted_at', null).select().single()"),
  shape("await supabase.from('users').update({ deleted_at: null }).eq('id', 1)"),
  shape("await supabase.from('comments').update({ is_deleted: true }).eq('id', 1).eq('is_deleted', false)"),
  shape("await supabase.from('users').update({ name: 'x' }).eq('id', 1).is('deleted_at', null).select('id, posts(id)')"),
  shape("await supabase.from('users').delete().eq('id', 1)"),
  shape("await supabase.from('users').delete().lt('deleted_at', '2020-01-01')"),
  shape("await supabase.from('users').delete().not('deleted_at', 'is', null).select()"),
  shape("await supabase.from('users').insert({ name: 'x' })"),
  shape("await supabase.from('users').insert([{ name: 'x' }]).select('id')"),
  shape("await supabase.from('users').upsert({ email: 'x', name: 'y' }, { onConflict: 'email' })"),
  shape("await supabase.from('users').upsert({ email: 'x', deleted_at: null }, { onConflict: 'email' }).select()"),
  shape("await supabase.from('users').upsert([{ id: 1, name: 'x' }])"),
  shape("await supabase.from('users').upsert({ email: 'x' }, { onConflict: 'email', ignoreDuplicates: true })"),
  // builders in steps
  shape("let query = supabase.from('users').select('id'); query = query.is('deleted_at', null); await query; return 1"),
  shape("const query = supabase.from('users').select('id'); query.is('deleted_at', null); await query; return 1"),
  shape("const live = () => supabase.from('users').select('id').is('deleted_at', null); await live().eq('role', 'x'); return 1"),
  shape("const TABLE = 'users'; const COLUMNS = 'id, posts(id)'; await supabase.from(TABLE).select(COLUMNS).is('deleted_at', null); return 1"),
  shape("await Promise.all([supabase.from('users').select('id'), supabase.from('posts').select('id').is('deleted_at', null)]); return 1"),
];

describe('Supabase asks the database for what its calls are read as', () => {
  crossCheck({ library: supabase, manifest: MANIFEST, prelude: PRELUDE, run, shapes: SHAPES });
});
