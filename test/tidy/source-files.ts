/** The project's own source files, each parsed with the TypeScript API once some house rule looks into it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

export const projectFolder = join(import.meta.dirname, '..', '..');

export interface SourceFile {
  /** From the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
}

const skippedFolders = new Set(['node_modules', '.git', 'cdk.out', 'coverage', '.spillway']);

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (skippedFolders.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

export function loadSourceFiles(): SourceFile[] {
  const files: SourceFile[] = [];
  for (const path of walk(projectFolder)) {
    if (!/\.(tsx?|mjs)$/.test(path)) continue;
    const text = readFileSync(path, 'utf8');
    files.push({
      path: relative(projectFolder, path).split(sep).join('/'),
      text,
      lines: text.split('\n').length - 1,
    });
  }
  return files;
}

const syntaxes = new WeakMap<SourceFile, ts.SourceFile>();

function syntaxOf(file: SourceFile): ts.SourceFile {
  const known = syntaxes.get(file);
  if (known !== undefined) return known;
  const syntax = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ESNext, true);
  syntaxes.set(file, syntax);
  return syntax;
}

export interface MeasuredFunction {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
  readonly parameters: number;
  readonly isAsync: boolean;
}

const functions = new WeakMap<SourceFile, readonly MeasuredFunction[]>();

/** Every function with a block body, nested ones counted inside their parents as well. */
export function functionsOf(file: SourceFile): readonly MeasuredFunction[] {
  const found = functions.get(file) ?? measureFunctions(syntaxOf(file));
  functions.set(file, found);
  return found;
}

function measureFunctions(syntax: ts.SourceFile): readonly MeasuredFunction[] {
  const found: MeasuredFunction[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const start = syntax.getLineAndCharacterOfPosition(node.getStart(syntax)).line;
      const end = syntax.getLineAndCharacterOfPosition(node.end).line;
      found.push({
        name: nameOf(node),
        line: start + 1,
        lines: end - start + 1,
        parameters: node.parameters.length,
        isAsync:
          ts.canHaveModifiers(node) &&
          (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword),
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(syntax);
  return found;
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  if (ts.isVariableDeclaration(node.parent) || ts.isPropertyAssignment(node.parent))
    return node.parent.name.getText();
  return 'an unnamed function';
}

/** True when the file declares something that exists at run time, so that a test could call it. */
export function hasRuntimeCode(file: SourceFile): boolean {
  return functionsOf(file).length > 0;
}

/** Every identifier used as a value, with its line: what the banned-words rule reads. */
export function identifiersOf(file: SourceFile): { readonly name: string; readonly line: number }[] {
  const found: { name: string; line: number }[] = [];
  const syntax = syntaxOf(file);
  const visit = (node: ts.Node): void => {
    if (
      ts.isTypeNode(node) ||
      ts.isInterfaceDeclaration(node) ||
      ts.isTypeAliasDeclaration(node) ||
      ts.isImportDeclaration(node)
    )
      return;
    if (ts.isIdentifier(node) && !isMemberName(node)) {
      found.push({
        name: node.text,
        line: syntax.getLineAndCharacterOfPosition(node.getStart(syntax)).line + 1,
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(syntax);
  return found;
}

function isMemberName(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  return ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isMethodDeclaration(parent)
    ? parent.name === node
    : false;
}
