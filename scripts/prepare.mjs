// Runs before anything is installed: nothing but Node's own modules here.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = ['apps', 'libs', 'deploy', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'];
const CONSOLE = ['apps/console'];

/** Installs when the lock file has changed and builds when the sources have, saying so (on stderr: a token goes to stdout). */
export function prepare() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`需要 Node 20.19 以上，现为 ${process.versions.node} (Node 20.19 or later is needed)`);
  }
  if (read('node_modules/.liandong-lock') !== hash(readFileSync('package-lock.json'))) {
    // Not `npm ci`: it refuses a lock file that was written where a registry did not offer the builds of some optional
    // packages for other platforms; `npm install` takes the locked versions and adds what is missing.
    step('安装依赖 installing packages', 'npm', ['install', '--no-audit', '--no-fund', '--loglevel=error']);
    writeFileSync('node_modules/.liandong-lock', hash(readFileSync('package-lock.json')));
  }
  const sources = digestOf(SOURCES.flatMap(files).filter((file) => !file.startsWith(join('apps', 'console'))));
  if (read('dist/.liandong-sources') !== sources) {
    rmSync('dist', { recursive: true, force: true });
    step('构建 building', process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', 'build']);
    mkdirSync('dist', { recursive: true });
    writeFileSync('dist/.liandong-sources', sources);
  }
  const page = digestOf(CONSOLE);
  if (read('dist/console/.liandong-sources') !== page) {
    const vite = ['node_modules/vite/bin/vite.js', 'build', 'apps/console', '--logLevel', 'warn'];
    step('构建界面 building the console', process.execPath, vite);
    writeFileSync('dist/console/.liandong-sources', page);
  }
}

function step(what, command, args) {
  const started = Date.now();
  console.error(`${what} …`);
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (status !== 0) fail(`${what} 失败 failed${error ? `: ${error.message}` : ''}；原因见上 (the lines above say why)`);
  console.error(`${what} ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Of files and what they are built with. */
function digestOf(paths) {
  const lines = paths.flatMap(files).map((file) => `${file} ${hash(readFileSync(file))}`);
  return hash(`${lines.join('\n')}\n${hash(readFileSync('package-lock.json'))}`);
}

function files(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => files(join(path, name)));
}

const hash = (content) => createHash('sha256').update(content).digest('hex');
const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
