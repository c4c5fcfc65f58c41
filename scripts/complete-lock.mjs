// Adds to package-lock.json the platform packages that a registry mirror left out of it.
//
// A mirror may lack, say, the Windows build of a tool. npm then writes a lock file without it, and `npm ci` refuses
// that file on every machine ("Missing: … from lock file"). The missing entries need only a version and the platform,
// both of which the name of the package tells.
//
//   node scripts/complete-lock.mjs [--check] [FILE]
import { readFileSync, writeFileSync } from 'node:fs';

const SYSTEMS = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'aix',
  'win32',
];
const PROCESSORS = [
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'x64',
  'arm',
  'wasm32',
];

/** Whether npm would find `name` from the package at `from`: in its own node_modules or in one above it. */
function isLocked(packages, from, name) {
  for (let folder = from; ; ) {
    if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
    if (!folder) return false;
    const parent = folder.lastIndexOf('/node_modules/');
    folder = parent < 0 ? '' : folder.slice(0, parent);
  }
}

/** The platform a package is for, read from its name: `@biomejs/cli-linux-x64-musl`. */
function platformOf(name) {
  const words = name.replace(/^@[^/]+\//, '').split(/[-.]/);
  const os = words.includes('windows') ? ['win32'] : SYSTEMS.filter((system) => words.includes(system));
  let cpu = PROCESSORS.filter((processor) => words.includes(processor));
  if (cpu.length === 0 && words.includes('64')) cpu = ['x64'];
  const libc = [];
  if (os[0] === 'linux' && words.some((word) => word.startsWith('musl'))) libc.push('musl');
  else if (os[0] === 'linux' && words.some((word) => word.startsWith('gnu'))) libc.push('glibc');
  return { cpu, os, libc };
}

function missingEntries(packages) {
  const missing = {};
  for (const [from, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const platform = platformOf(name);
      const isPlatformPackage = platform.os.length > 0 || platform.cpu.length > 0;
      if (!isPlatformPackage || !/^\d+\.\d+\.\d+/.test(version) || isLocked(packages, from, name)) continue;
      const above = from.lastIndexOf('/node_modules/');
      missing[`${above > 0 ? `${from.slice(0, above)}/` : ''}node_modules/${name}`] = {
        version,
        ...(entry.dev ? { dev: true } : {}),
        optional: true,
        ...Object.fromEntries(Object.entries(platform).filter(([, names]) => names.length > 0)),
      };
    }
  }
  return missing;
}

const onlyCheck = process.argv.includes('--check');
const file = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = missingEntries(lock.packages);
const count = Object.keys(missing).length;
if (onlyCheck) {
  for (const name of Object.keys(missing)) console.error(`${file} lacks ${name}`);
  process.exitCode = count > 0 ? 1 : 0;
} else {
  if (count > 0) {
    const all = Object.entries({ ...lock.packages, ...missing });
    lock.packages = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  }
  console.log(`${file}: ${count} platform packages added`);
}
