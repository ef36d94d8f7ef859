/** A `.prisma` file as a tree: its blocks and comments. What a model declares is read later. */
import { splitBlocks, TOKEN } from '../schema/prisma/blocks.js';
import { commentAt, wholeText, type CommentNode, type PartNode, type TextFile } from './text-file.js';

/** A model, view, type or enumeration, from its keyword to its brace. */
export interface PrismaBlockNode extends PartNode {
  readonly type: 'prisma_block';
}

/** The root. */
export interface PrismaFile extends TextFile {
  readonly type: 'prisma_file';
  readonly blocks: readonly PrismaBlockNode[];
}

/** Reads a file. Never throws: what is no Prisma declares nothing later. */
export function readPrismaFile(text: string): PrismaFile {
  return {
    type: 'prisma_file',
    range: [0, text.length],
    loc: wholeText(text),
    blocks: splitBlocks(text).map(({ range }) => ({ type: 'prisma_block', range: [...range] })),
    comments: commentsIn(text),
    body: [],
    tokens: [],
  };
}

/** `//`, `///` (documentation) and block comments: Prisma schema reference, "Comments". */
function commentsIn(text: string): CommentNode[] {
  return [...text.matchAll(TOKEN)].flatMap(({ 0: token, index }) => /^\/[/*]/u.test(token) ? [commentAt(text, index, index + token.length, /^\/\/\/?/u)] : []);
}
