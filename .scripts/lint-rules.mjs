// Lint rules of our own, for what the linter's own rules can't say.

/** `new Date()` and `Date()` read the wall clock; `new Date(ms)` only converts. */
const noAmbientDate = {
  create(context) {
    const check = (node) => {
      if (node.callee.type !== 'Identifier' || node.callee.name !== 'Date') return;
      if (node.type === 'NewExpression' && node.arguments.length > 0) return;
      context.report({ node, message: 'reads the wall clock: use the Clock that is handed in' });
    };
    return { NewExpression: check, CallExpression: check };
  },
};

const machineGlobals = new Set([
  'process',
  'console',
  'navigator',
  'WebAssembly',
  'Worker',
  'queueMicrotask',
  'Promise',
  'structuredClone',
]);

/** Deciding is done with values: what runs later or depends on the machine has no place there. */
const noAmbientMachine = {
  create(context) {
    const report = (node, what) => context.report({ node, message: `${what} has no place in a pure folder` });
    return {
      Identifier(node) {
        if (machineGlobals.has(node.name) && isFree(node)) report(node, node.name);
      },
      AwaitExpression: (node) => report(node, 'await'),
      ImportExpression: (node) => report(node, 'import()'),
      ':function[async=true]': (node) => report(node, 'an async function'),
    };
  },
};

/** Not the name of a property or of a key. */
function isFree(node) {
  const { parent } = node;
  if (parent.type === 'MemberExpression') return parent.object === node || parent.computed;
  if (parent.type === 'Property' || parent.type === 'PropertyDefinition' || parent.type === 'MethodDefinition') return parent.key !== node;
  return parent.type !== 'TSPropertySignature' && parent.type !== 'TSMethodSignature';
}

export default {
  meta: { name: 'cachette' },
  rules: { 'no-ambient-date': noAmbientDate, 'no-ambient-machine': noAmbientMachine },
};
