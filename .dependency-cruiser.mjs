// The structure of the tree as rules. test/architecture shows that each of them fires.
const frameworks = '^(@nestjs|typeorm|pg|kafkajs|fastify|class-validator|class-transformer|@eventstore|prom-client)';

export default {
  forbidden: [
    {
      name: 'contexts-through-their-door',
      comment: 'A context reaches another only through its index.ts.',
      severity: 'error',
      from: { path: '(^|/)libs/contexts/([^/]+)/' },
      to: {
        path: '(^|/)libs/contexts/([^/]+)/',
        pathNot: ['(^|/)libs/contexts/$2/', '(^|/)libs/contexts/[^/]+/src/index\\.ts$'],
      },
    },
    {
      name: 'others-through-the-door',
      comment: 'Applications reach a library only through its index.ts.',
      severity: 'error',
      from: { path: '(^|/)apps/' },
      to: { path: '(^|/)libs/', pathNot: '/src/index\\.ts$' },
    },
    {
      name: 'domain-is-pure',
      comment: 'Deciders and their lifecycles, events and the event core know no framework, and no I/O but hashing.',
      severity: 'error',
      from: {
        path: '(^|/)libs/(eventing/src/|contexts/.*\\.(decider|lifecycle|events|messages|process-managers|upcasters)\\.ts$)',
        pathNot: '\\.spec\\.ts$',
      },
      to: {
        path: [
          `node_modules/${frameworks.slice(1)}`,
          frameworks,
          '^(node:)?(fs|net|http|https|child_process|timers|os)',
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'only-messages-cross',
      comment:
        'What a city runs, and what carries records to it, knows the published language and nothing of the platform.',
      severity: 'error',
      from: {
        path: '(^|/)(apps/sub-platform|libs/(messages|read-models|city|transport-[a-z]+))/',
        pathNot: '\\.spec\\.ts$',
      },
      to: { path: '(^|/)(apps/(?!sub-platform/)|libs/(contexts|eventing[a-z-]*|fields|auth)/)' },
    },
    {
      name: 'cities-choose-their-framework',
      comment: 'What a city builds upon asks for PostgreSQL and a transport, and for no framework.',
      severity: 'error',
      from: { path: '(^|/)libs/(messages|read-models|city|transport-[a-z]+)/', pathNot: '\\.spec\\.ts$' },
      to: { path: ['node_modules/(@nestjs|typeorm|fastify|class-)', '^(@nestjs|typeorm|fastify|class-)'] },
    },
    {
      name: 'sheets-know-sheets',
      comment: 'Reading a sheet is the same whatever is made of it: no other library, no framework.',
      severity: 'error',
      from: { path: '(^|/)libs/sheets/', pathNot: '\\.spec\\.ts$' },
      to: {
        path: ['(^|/)(apps|libs)/', `node_modules/${frameworks.slice(1)}`, frameworks],
        pathNot: '(^|/)libs/sheets/',
      },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'require', 'node', 'default'],
    },
  },
};
