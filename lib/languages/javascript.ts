/**
 * What rules for JavaScript ask of a file before they visit a node of it.
 *
 * ESLint's own rules and most plugins declare no languages, and configurations without `files` are the usual ones (`js.configs.recommended`,
 * `tseslint.configs.recommendedTypeChecked`). So those rules run on SQL files too: they find nothing there, but an exception while they look
 * ends the whole run.
 */

/** A scope with nothing in it. */
function emptyScope(block: object): object {
  return { type: 'global', block, upper: null, isStrict: false, variables: [], references: [], through: [], childScopes: [], set: new Map(), implicit: { variables: [], set: new Map(), left: [] } };
}

/** A scope manager that knows no names. */
export function emptyScopeManager(root: object): { scopes: [object]; acquire(): null; getDeclaredVariables(): [] } {
  return { scopes: [emptyScope(root)], acquire: () => null, getDeclaredVariables: () => [] };
}

/**
 * Type information about nothing: typescript-eslint's rules refuse files without any
 * (`getParserServices` of @typescript-eslint/utils), and some look at the compiler's options.
 */
export const parserServices = {
  program: {
    getCompilerOptions: () => ({ strict: true, strictNullChecks: true }),
    getTypeChecker: () => ({}),
    getSourceFile: () => undefined,
    getSourceFiles: () => [],
  },
  esTreeNodeToTSNodeMap: new WeakMap<object, object>(),
  tsNodeToESTreeNodeMap: new WeakMap<object, object>(),
  getTypeAtLocation: () => undefined,
  getSymbolAtLocation: () => undefined,
  emitDecoratorMetadata: undefined,
  experimentalDecorators: undefined,
  isolatedDeclarations: undefined,
};

/** Is it a file of one of the plugin's languages, by the language or by the parser for ESLint 8? */
export function isTextFile(sourceCode: { readonly parserServices?: unknown }): boolean {
  return sourceCode.parserServices === parserServices;
}

const noItem = (): null => null;
const noItems = (): [] => [];
const no = (): false => false;

/** Methods of JavaScript's SourceCode, for a file without tokens, comments or names. */
export const sourceCodeMethods = {
  getAllComments: noItems, getCommentsBefore: noItems, getCommentsAfter: noItems, getCommentsInside: noItems, commentsExistBetween: no,
  getTokens: noItems, getTokensBefore: noItems, getTokensAfter: noItems, getTokensBetween: noItems,
  getFirstTokens: noItems, getLastTokens: noItems, getFirstTokensBetween: noItems, getLastTokensBetween: noItems,
  getFirstToken: noItem, getLastToken: noItem, getTokenBefore: noItem, getTokenAfter: noItem, getTokenByRangeStart: noItem,
  getFirstTokenBetween: noItem, getLastTokenBetween: noItem, getNodeByRangeIndex: noItem, getJSDocComment: noItem,
  isSpaceBetween: no, isGlobalReference: no, markVariableAsUsed: no, getDeclaredVariables: noItems,
};
