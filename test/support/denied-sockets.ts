import { constants } from 'node:os';

/** BPF (bpf(4)) over struct seccomp_data; socket(2) is call 41 on x86-64 and 198 on arm64. */
const script = `
my ($call, $family, $errno, @command) = @ARGV;
my @program = map { pack 'SCCL', @$_ } (
  [0x20, 0, 0, 0], [0x15, 0, 3, $call], [0x20, 0, 0, 16], [0x15, 0, 1, $family],
  [0x06, 0, 0, 0x50000 | $errno], [0x06, 0, 0, 0x7fff0000]);
my $code = join '', @program;
my $filter = pack 'SxxxxxxP', scalar(@program), $code;
my ($prctl) = $call == 41 ? 157 : 167;
syscall($prctl, 38, 1, 0, 0, 0) == 0 && syscall($prctl, 22, 2, $filter) == 0 or die "seccomp: $!";
exec @command or die "exec: $!";
`;

/**
 * A command line that runs another command. A seccomp filter makes the kernel refuse that command every
 * socket of one address family, with an error of errno(3).
 */
export function denySockets(
  family: 'IPv4' | 'IPv6',
  errno: keyof typeof constants.errno,
  command: readonly string[],
): readonly [string, ...string[]] {
  const call = process.arch === 'arm64' ? 198 : 41;
  const numbers = [call, family === 'IPv6' ? 10 : 2, constants.errno[errno]].map(String);
  return ['perl', '-e', script, '--', ...numbers, ...command];
}
