import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort } from '../../e2e/running-host.js';

/** Where Debian and others put it; not always on the PATH of a plain user. */
const BINARIES = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/sbin/nginx'];
/** Machines that the checks ask. Linux answers on all of 127/8, so each gets an address of its own. */
const HOST_COUNT = 100;

/** A web server that is good at being asked. */
export interface Nginx {
  /** Address of the page of check `index`; the checks are spread over many hosts. */
  urlOf(index: number): string;
  stop(): Promise<void>;
}

/** Starts nginx on a free port with a configuration of its own. Throws with the way to install it when it is missing. */
export async function startNginx(): Promise<Nginx> {
  const binary = BINARIES.find(existsSync);
  if (binary === undefined)
    throw new Error('This bench asks a local nginx. Install it: apt-get install nginx-light');
  const folder = mkdtempSync(join(tmpdir(), 'labkeeper-bench-nginx-'));
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, configuration(folder, port));
  const child = spawn(binary, ['-p', folder, '-c', file, '-e', join(folder, 'error.log')], {
    stdio: 'ignore',
  });
  const urlOf = (index: number) => `http://${hostAddress(index)}:${port}/${index}`;
  await eventually(() => answers(urlOf(0)), 'nginx answers');
  return {
    urlOf,
    stop: async () => {
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function hostAddress(index: number): string {
  return `127.0.1.${(index % HOST_COUNT) + 1}`;
}

function configuration(folder: string, port: number): string {
  const hosts = Array.from(
    { length: HOST_COUNT },
    (_, index) => `listen ${hostAddress(index)}:${port} backlog=4096;`,
  );
  return `daemon off; worker_processes 1; pid ${folder}/nginx.pid;
events { worker_connections 8192; }
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server { ${hosts.join(' ')} location / { default_type text/plain; return 200 "hello from the bench\\n"; } }
}
`;
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => undefined);
  return response?.ok === true;
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGQUIT');
  });
}
