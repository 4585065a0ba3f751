import { accessSync, constants } from 'node:fs';

/**
 * A few lines of perl between lbcheck and each program that it runs. Node cannot wait for an orphan, and
 * cannot make a program end with itself. Both need system calls, which perl can make.
 *
 * The watcher adopts what the program leaves behind (PR_SET_CHILD_SUBREAPER, prctl(2)), so that no orphan
 * reaches process 1, which may be lbcheck. When the program ends, or when lbcheck ends or closes
 * descriptor 3, it kills all that is left, and waits until all of it has ended. It also waits for what it
 * may not kill, such as a program of sudo.
 *
 * On descriptor 3 it writes `ended STATUS`, by wait(2), or `errno NUMBER` for a program that could not be
 * started. Its arguments: the number of prctl on this machine, NAME=VALUE for the environment of the
 * program, `--`, and the program with its arguments.
 */
const script = String.raw`
my $prctl = shift;
syscall $prctl, 36, 1, 0, 0, 0 if $prctl;
open my $given, '+<&=', 3 or exit 1;
open my $lbcheck, '+<&', $given or exit 1; # a copy that an exec closes
close $given;
sub tell_lbcheck { local $SIG{PIPE} = 'IGNORE'; syswrite $lbcheck, "@_\n" }
$SIG{CHLD} = sub { }; # ends a select
my $program = fork;
if (!defined $program) { tell_lbcheck 'errno', $! + 0; exit }
if ($program == 0) {
  setpgrp;
  syscall $prctl, 1, 9, 0, 0, 0 if $prctl; # PR_SET_PDEATHSIG: die with the watcher
  delete $ENV{PERL_BADLANG};
  while (($_ = shift) ne '--') { my ($name, $value) = split /=/, $_, 2; $ENV{$name} = $value }
  exec { $ARGV[0] } @ARGV;
  tell_lbcheck 'errno', $! + 0;
  kill 9, $$;
}
$0 = 'lbcheck: watches a program';
close STDOUT;
close STDERR;
my ($open, $status) = '';
vec($open, fileno $lbcheck, 1) = 1;
until (defined $status) {
  while ((my $pid = waitpid -1, 1) > 0) { $status = $? if $pid == $program }
  last if defined $status or select(my $ready = $open, undef, undef, 0.05) > 0;
}
tell_lbcheck 'ended', $status if defined $status;
kill 9, -$program;
sub below {
  opendir my $tasks, "/proc/$_[0]/task" or return;
  map {
    open my $file, '<', "/proc/$_[0]/task/$_/children";
    map { ($_, below($_)) } split ' ', readline($file) // '';
  } readdir $tasks;
}
for (my $pause = 0.001; ; $pause *= $pause < 1 ? 2 : 1) {
  my @rest = below($$);
  kill 9, @rest;
  my $pid;
  1 while ($pid = waitpid -1, 1) > 0;
  exit if $pid < 0 or !@rest && $pause > 0.1;
  select undef, undef, undef, $pause;
}
`;

const perl = '/usr/bin/perl';

/** The number of the system call prctl(2), by process.arch. On other machines no orphan is adopted. */
const prctlNumbers: Readonly<Record<string, number>> = {
  x64: 157,
  ia32: 172,
  arm: 172,
  arm64: 167,
  riscv64: 167,
  loong64: 167,
  ppc64: 171,
  s390x: 172,
};

/** A command to start. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** The same command under a watcher; undefined where there is no perl. */
export function watched({ file, args, env }: Command): Command | undefined {
  if (!isExecutable(perl)) return undefined;
  // Variables that perl itself would read are meant for the program, not for the watcher.
  const isForPerl = ([name]: [string, unknown]) => name.startsWith('PERL');
  const entries = Object.entries(env);
  const kept = entries.filter(isForPerl).map(([name, value]) => `${name}=${value}`);
  return {
    file: perl,
    args: [
      '-f',
      '-e',
      script,
      '--',
      `${prctlNumbers[process.arch] ?? 0}`,
      ...kept,
      '--',
      file,
      ...args,
    ],
    // Otherwise perl complains on stderr about a locale that is not installed.
    env: {
      ...Object.fromEntries(entries.filter((entry) => !isForPerl(entry))),
      PERL_BADLANG: '0',
    },
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads the first message of the watcher: how the program ended. Rejects with errno(3) when it could not
 * be started.
 */
export async function readMessage(message: string): Promise<number | NodeJS.Signals> {
  const [kind, text] = message.split(/\s/);
  const number = Number(text);
  if (kind === 'errno') {
    const { getSystemErrorName } = await import('node:util');
    const code = getSystemErrorName(-number);
    throw Object.assign(new Error(code), { code });
  }
  // By wait(2): the signal stands in the lower seven bits, the exit code above the lower eight.
  const signal = number & 0x7f;
  if (signal === 0) return number >> 8;
  const { constants } = await import('node:os');
  const names = Object.entries(constants.signals) as [NodeJS.Signals, number][];
  return names.find(([, known]) => known === signal)?.[0] ?? signal + 128;
}
