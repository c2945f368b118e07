// Lines as sshd, sudo and PAM write them, from addresses kept for documentation (RFC 5737).

const users = ['tanaka', 'suzuki', 'yamada', 'kobayashi'] as const;

function stamp(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}

export function sshd(ms: number, message: string, host = 'app-01', pid = 4711): string {
  return `<86>1 ${stamp(ms)} ${host} sshd ${String(pid)} - - ${message}`;
}

export const attacker = '198.51.100.23';
export const guessed = 'root';
export const attempts = 12;

/** A quiet week: sign-ins in working hours, one at night, one by somebody from a new address, and a guesser. */
export function weekOfLines(nowMs: number): string[] {
  const lines: [number, string][] = [];
  const hour = 3_600_000;
  for (let day = 6; day >= 1; day--) {
    for (const [n, user] of users.entries()) {
      const at = nowMs - day * 24 * hour + n * 0.4 * hour;
      const pid = 1000 + day * 10 + n;
      const address = `192.0.2.${String(10 + n)}`;
      lines.push([at, sshd(at, `Accepted publickey for ${user} from ${address} port ${String(50_000 + pid)} ssh2`, 'app-01', pid)]);
      lines.push([at + 1, sshd(at + 1, `pam_unix(sshd:session): session opened for user ${user}(uid=100${String(n)}) by (uid=0)`, 'app-01', pid)]);
      lines.push([at + 2 * hour, sshd(at + 2 * hour, `pam_unix(sshd:session): session closed for user ${user}`, 'app-01', pid)]);
    }
  }
  for (let n = 0; n < attempts; n++) {
    const at = nowMs - 30 * hour + n * 7000;
    lines.push([at, sshd(at, `Failed password for ${guessed} from ${attacker} port ${String(40_000 + n)} ssh2`, 'app-01', 2000 + n)]);
  }
  const night = nowMs - 60 * hour;
  lines.push([night, sshd(night, 'Accepted password for yamada from 203.0.113.7 port 51515 ssh2', 'db-01', 3000)]);
  return lines.sort(([a], [b]) => a - b).map(([, line]) => line);
}

/** What arrives while the server runs: everything an audit log has to show. */
export function freshLines(nowMs: number): string[] {
  return [
    sshd(nowMs - 4000, 'Accepted publickey for tanaka from 192.0.2.10 port 50022 ssh2'),
    sshd(nowMs - 3500, 'pam_unix(sshd:session): session opened for user tanaka(uid=1000) by (uid=0)'),
    sshd(nowMs - 3000, 'Failed password for suzuki from 192.0.2.11 port 50023 ssh2', 'app-01', 4712),
    sshd(nowMs - 2500, 'pam_unix(sshd:session): session closed for user tanaka'),
    sshd(nowMs - 2000, '受付の記録: 見本 <b>not markup</b>', 'app-01', 4713),
    sshd(nowMs - 1000, 'error: kex_exchange_identification: Connection closed by remote host', 'app-01', 4714),
  ];
}
