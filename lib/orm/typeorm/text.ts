/** SQL strings of TypeORM's builders: names are property paths over aliases, which the library quotes, and `:...ids` is a list of parameters. */
import type { Expr, Query, Relation } from '../../model/query.js';
import type { Node } from '../../source/ast.js';
import { computed, filled, type HolePart, type JoinItem, type Part, type Run } from '../../source/parts.js';
import { text, type Value } from '../../source/values.js';
import { replaced } from '../expressions.js';
import type { Session } from '../session.js';

/** What a string holds in the place of an interpolation: the text of another builder (`${posts.getQuery()}`), or the condition of a helper. */
export type Piece = { readonly query: Query; readonly isParenthesised: boolean } | { readonly condition: Expr };
export type PieceOf = (hole: NonNullable<HolePart['of']>) => Piece | null;

/** A condition in a string; opaque where it cannot be read. */
export function textCondition(value: Value, node: Node, session: Session, pieceOf?: PieceOf): Expr {
  const pieces = new Pieces(pieceOf);
  return pieces.in(session.sqlCondition(asSql(pieces.standIns(value), session), node));
}

/** An expression in a string. */
export function textExpression(value: Value, node: Node, session: Session, pieceOf?: PieceOf): Expr {
  const pieces = new Pieces(pieceOf);
  return pieces.in(session.sqlExpression(asSql(pieces.standIns(value), session), node));
}

/** Names of tables and columns that stand for pieces while the text is read. */
class Pieces {
  private readonly known = new Map<string, Piece>();

  constructor(private readonly pieceOf: PieceOf | undefined) {}

  standIns(value: Value): Value {
    const { pieceOf } = this;
    if (!pieceOf) return value;
    if (value.type === 'fork') return { ...value, options: value.options.map((option) => this.standIns(option)) };
    if (value.type !== 'text') return value;
    return text(filled(value.parts, ({ of }) => {
      const piece = of && pieceOf(of);
      if (!piece) return null;
      const name = `piece_${this.known.size}_`;
      this.known.set(name, piece);
      return [computed('condition' in piece ? name : piece.isParenthesised ? `(SELECT 1 FROM ${name})` : `SELECT 1 FROM ${name}`)];
    }), value.sql);
  }

  in(expr: Expr): Expr {
    if (this.known.size === 0) return expr;
    return replaced(expr, (inner) => {
      const piece = inner.type === 'column' && inner.qualifier === null ? this.known.get(inner.name) : undefined;
      return piece && 'condition' in piece ? piece.condition : null;
    }, (query) => this.inQuery(query));
  }

  private inQuery(query: Query): Query {
    if (query.type === 'set-operation') return { ...query, left: this.inQuery(query.left), right: this.inQuery(query.right) };
    if (query.type !== 'select') return query;
    const [only, another] = query.from, piece = only?.type === 'table' && !another ? this.known.get(only.name) : undefined;
    if (piece && 'query' in piece) return piece.query;
    return { ...query, from: query.from.map((relation) => this.inRelation(relation)), where: query.where && this.in(query.where) };
  }

  private inRelation(relation: Relation): Relation {
    switch (relation.type) {
      case 'derived': return { ...relation, query: this.inQuery(relation.query) };
      case 'join': return { ...relation, left: this.inRelation(relation.left), right: this.inRelation(relation.right), on: relation.on && this.in(relation.on) };
      default: return relation;
    }
  }
}

function asSql(value: Value, session: Session): Value {
  if (value.type === 'fork') return { ...value, options: value.options.map((option) => asSql(option, session)) };
  if (value.type !== 'text') return value;
  const quote = /^(?:mysql|mariadb|bigquery)$/.test(session.source.libraries.dialect ?? session.catalog.dialect) ? '`' : '"';
  return text(new Quoting(quote).parts(value.parts), true);
}

/** Puts quotes around the names of property paths (`user.order`), as the library does. */
class Quoting {
  private inString = false;

  constructor(private readonly quote: string) {}

  parts(parts: readonly Part[]): Part[] {
    return parts.flatMap((part): Part[] => {
      switch (part.type) {
        case 'run': return this.run(part);
        case 'fork': return [{ ...part, options: part.options.map((option) => this.parts(option)) }];
        case 'first-turn': return [{ ...part, parts: this.parts(part.parts) }];
        case 'joined': return [{ ...part, glue: this.parts(part.glue), items: part.items.map((item) => this.item(item)) }];
        default: return [part];
      }
    });
  }

  private item(item: JoinItem): JoinItem {
    switch (item.type) {
      case 'item': return { ...item, parts: this.parts(item.parts) };
      case 'fork': return { ...item, options: item.options.map((option) => option.map((inner) => this.item(inner))) };
      case 'first-turn': return { ...item, parts: item.parts.map((inner) => this.item(inner)) };
    }
  }

  private run(run: Run): Run[] {
    const pieces: Run[] = [];
    let from = 0;
    const keep = (to: number) => { if (to > from) pieces.push(piece(run, from, to)); from = to; };
    for (const match of run.text.matchAll(/'|(?<![\w.:"`$'])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?![\w(.])/g)) {
      if (match[0] === "'") { this.inString = !this.inString; continue; }
      if (this.inString) continue;
      keep(match.index);
      let at = match.index;
      for (const name of match[0].split('.')) {
        if (at > match.index) pieces.push(computed('.'));
        pieces.push(computed(this.quote), piece(run, at, at + name.length), computed(this.quote));
        at += name.length + 1;
      }
      from = match.index + match[0].length;
    }
    keep(run.text.length);
    return pieces;
  }
}

function piece(run: Run, from: number, to: number): Run {
  return { ...run, text: run.text.slice(from, to), source: run.source === null ? null : run.source + from };
}
