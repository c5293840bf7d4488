// Who may import whom. An allow list: an import that is not named here is an error, so a new folder or package has to be
// entered here first. TypeScript is read with @swc/core; without it nothing would be read at all, and nothing found
// (test/architecture/layers.test.ts sees to that).

const { Visitor } = require('@swc/core/Visitor.js');

// The tree walk of @swc/core (1.16) stops at `using`, a statement that it does not know yet; it declares like any other.
const visitStatement = Visitor.prototype.visitStatement;
Visitor.prototype.visitStatement = function visitStatementOrUsing(statement) {
  if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement);
  this.visitVariableDeclarators(statement.decls);
  return statement;
};

/**
 * Each layer: the other layers it may import (whole folders, or single files where only a port is meant), its packages,
 * and whether it may use Node's own modules.
 */
const layers = {
  base: { imports: [], packages: [], node: true },
  model: { imports: ['base'], packages: [], node: false },
  planner: { imports: ['base', 'model'], packages: [], node: false },
  crypto: { imports: ['base'], packages: ['sodium-native', 'tweetnacl', '@noble/hashes', '@zxcvbn-ts/[^/]+'], node: true },
  store: { imports: ['base'], packages: ['aws4', 'got', 'multicast-dns', 'sax', 'socks-proxy-agent', 'zod'], node: true },
  vault: { imports: ['base', 'model', 'crypto', 'store/store.ts', 'store/object-name.ts'], packages: ['cborg', 'zod'], node: true },
  disk: { imports: ['base', 'model'], packages: ['ignore', 'zod'], node: true },
  index: { imports: ['base', 'model'], packages: ['better-sqlite3', 'zod'], node: true },
  engine: { imports: ['base', 'model', 'planner', 'vault', 'index', 'disk/disk.ts'], packages: [], node: true },
  control: { imports: ['base', 'model'], packages: ['zod'], node: true },
  agent: {
    imports: ['base', 'model', 'planner', 'crypto', 'store', 'vault', 'disk', 'index', 'engine', 'control'],
    packages: ['pino', 'zod'],
    node: true,
  },
  cli: { imports: ['base', 'control', 'agent'], packages: ['commander', 'cli-progress', 'zod'], node: true },
  server: { imports: ['base', 'store'], packages: ['fastify', '@fastify/[^/]+', 'multicast-dns', 'zod'], node: true },
  'desktop/main': { imports: ['base', 'control'], packages: ['electron', 'electron-updater', 'intl-messageformat', 'zod'], node: true },
  'desktop/preload': { imports: ['control'], packages: ['electron'], node: false },
};

const quote = (text) => text.replaceAll(/[.]/g, '\\$&');
const layerPath = (name) => (name.endsWith('.ts') ? `^src/${quote(name)}$` : `^src/${name}/`);
const packagePath = (pattern) => `(^|/)node_modules/${pattern}/`;

function allowedFor([name, { imports, packages, node }]) {
  const from = { path: layerPath(name) };
  return [
    { from, to: { path: [layerPath(name), ...imports.map(layerPath)] } },
    ...(packages.length > 0 ? [{ from, to: { path: packages.map(packagePath) } }] : []),
    ...(node ? [{ from, to: { dependencyTypes: ['core'] } }] : []),
  ];
}

module.exports = {
  allowed: [
    ...Object.entries(layers).flatMap(allowedFor),
    // `cachette serve` is the server's face; loaded only when asked for, so that no other command pays for it.
    { from: { path: '^src/cli/' }, to: { path: '^src/server/', dynamic: true } },
    // The windows know the contract alone. Their build is Vite's.
    { from: { path: '^renderer/' }, to: { path: ['^renderer/', '^src/control/acts/'] } },
    { from: { path: '^renderer/' }, to: { path: ['react', 'react-dom', 'react-aria-components', 'intl-messageformat', 'diff'].map(packagePath) } },
    { from: { path: '^renderer/vite[.]config[.]ts$' }, to: { path: packagePath('vite') } },
    // Native code, with a fallback in plain JavaScript for each part.
    { from: { path: '^src/base/' }, to: { path: '^native/' } },
    // The version that is shown.
    { from: { path: '^src/(cli|agent|server)/' }, to: { path: '^package[.]json$' } },
  ],
  allowedSeverity: 'error',
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two modules that need each other, types included, are one idea in two files, or a third is missing.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-barrels',
      comment: 'Import the module that has it.',
      severity: 'error',
      from: {},
      to: { path: '^src/.*/index[.]ts$' },
    },
    {
      name: 'not-to-test',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '(^test/|[.]test[.]ts$)' },
    },
    {
      name: 'no-undeclared-package',
      comment: 'What the program needs stands under dependencies (the desktop is packed with its own).',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/desktop/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'], pathNot: '(^|/)node_modules/@types/' },
    },
  ],
  options: {
    // Sees imports of types too. (tsPreCompilationDeps would ask for a TypeScript older than 7.)
    parser: 'swc',
    doNotFollow: { path: '(^|/)node_modules/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.tsx', '.css', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
