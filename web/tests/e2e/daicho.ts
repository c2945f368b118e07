import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

// The real program on a fresh data directory, as somebody at a command line has it.

const here = dirname(fileURLToPath(import.meta.url));
const programs = resolve(process.env['DAICHO_BIN'] ?? join(here, '../../../build/release/bin'));
/** A volume other than the one of the temporary directory: what is exported must not lie beside the data. */
const otherVolume = '/dev/shm';

export interface Ran {
  readonly code: number;
  readonly text: string;
}

export interface Status {
  readonly clauses: Readonly<Record<string, { readonly state: string }>>;
}

function run(program: string, args: readonly string[]): Promise<Ran> {
  return new Promise((done) => {
    execFile(join(programs, program), args, { encoding: 'utf8', timeout: 120_000, maxBuffer: 64 << 20 }, (error, out, err) => {
      done({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, text: out + err });
    });
  });
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

export class Daicho {
  readonly folder = mkdtempSync(join(tmpdir(), 'daicho-e2e-'));
  readonly medium = mkdtempSync(join(otherVolume, 'daicho-e2e-'));
  readonly data = join(this.folder, 'data');
  #server: ChildProcess | null = null;
  #syslog = 0;
  url = '';

  /** Makes the data directory; returns the one-time password of `admin`. */
  async init(organisation: string): Promise<string> {
    const made = await this.command('init', this.data, '--organisation', organisation, '--admin', 'admin', '--json');
    return (JSON.parse(made) as { one_time_password: string }).one_time_password;
  }

  /** Runs `daicho`; anything but success is an error. */
  async command(...args: readonly string[]): Promise<string> {
    const { code, text } = await run('daicho', args);
    if (code !== 0) throw new Error(`daicho ${args.join(' ')} gave ${String(code)}\n${text}`);
    return text;
  }

  verify(...args: readonly string[]): Promise<Ran> {
    return run('daicho-verify', args);
  }

  async status(...args: readonly string[]): Promise<Readonly<Record<string, string>>> {
    const { clauses } = JSON.parse(await this.command('status', this.data, '--json', ...args)) as Status;
    return Object.fromEntries(Object.entries(clauses).map(([id, clause]) => [id, clause.state]));
  }

  write(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  async serve(): Promise<void> {
    const https = await freePort();
    this.#syslog = await freePort();
    const log = createWriteStream(join(this.folder, 'serve.log'));
    const server = spawn(
      join(programs, 'daicho'),
      ['serve', this.data, '--https', `127.0.0.1:${String(https)}`, '--syslog-tcp', `127.0.0.1:${String(this.#syslog)}`],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    server.stderr.pipe(log);
    this.#server = server;
    const first = await Promise.race([
      once(createInterface(server.stdout), 'line') as Promise<[string]>,
      once(server, 'exit').then(() => { throw new Error(`daicho serve ended: ${this.log()}`); }),
    ]);
    this.url = first[0].trim();
    if (this.url !== `https://localhost:${String(https)}`) throw new Error(`daicho serve said ${this.url}`);
  }

  log(): string {
    return readFileSync(join(this.folder, 'serve.log'), 'utf8');
  }

  /** Sends lines by plain TCP, octet counted (RFC 6587). */
  async send(lines: readonly string[]): Promise<void> {
    const socket = connect(this.#syslog, '127.0.0.1');
    await once(socket, 'connect');
    for (const line of lines) socket.write(`${String(Buffer.byteLength(line))} ${line}`);
    socket.end();
    await once(socket, 'close');
  }

  /** Ends the server the ordinary way; returns its exit code. */
  async stop(): Promise<number | null> {
    const server = this.#server;
    if (server === null) return null;
    this.#server = null;
    if (server.exitCode !== null) return server.exitCode;
    const ended = once(server, 'exit') as Promise<[number | null]>;
    server.kill('SIGTERM');
    return (await ended)[0];
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.medium, { recursive: true, force: true });
  }
}
