/**
 * A perl program, without a module, that opens half a connection: Node has no call for it. Its arguments:
 * the address in hexadecimal, the port, the zone id, the seconds after which it ends in any case, and
 * the number of recvmsg(2) on this machine, or 0. It ends when its stdin does.
 *
 * Without TCP_QUICKACK the kernel holds the last ACK of the handshake back for 200 ms, and SO_LINGER of 0
 * turns the close into a reset (tcp(7), socket(7)). The server gets SYN and RST, and accepts nothing.
 *
 * It prints `sent` when the SYN is on its way and nothing has come at once, and then `end`, the errno,
 * and of an ICMP message its origin, type and code, and 1 when this machine sent it itself (ip(7),
 * IP_RECVERR). `held` says that the SYN did not leave this machine. `failed CALL ERRNO` is a call that
 * this machine did not allow.
 */
export const script = String.raw`
my ($hex, $port, $zone, $seconds, $recvmsg) = @ARGV;
$| = 1;
my $address = pack 'H*', $hex;
my $is6 = length $address > 4;
sub failed { print "failed @_ ", $! + 0, "\n"; exit }
socket my $socket, $is6 ? 10 : 2, 1 | 2048, 6 or failed 'socket'; # SOCK_NONBLOCK
setsockopt $socket, 6, 12, pack 'i', 0 or failed 'setsockopt'; # TCP_QUICKACK
setsockopt $socket, 1, 13, pack 'ii', 1, 0 or failed 'setsockopt'; # SO_LINGER
setsockopt $socket, $is6 ? 41 : 0, $is6 ? 25 : 11, pack 'i', 1; # IPV6_RECVERR, IP_RECVERR
if ($zone =~ /\D/) {
  my $request = pack 'a16 x24', $zone;
  ioctl $socket, 0x8933, $request or failed 'interface'; # SIOCGIFINDEX
  $zone = unpack 'x16 i', $request;
}
my $server = $is6
  ? pack 'S n N a16 L', 10, $port, 0, $address, $zone || 0
  : pack 'S n a4 x8', 2, $port, $address;
my $errno = connect($socket, $server) ? 0 : $! + 0;
if ($errno == 115) { # EINPROGRESS
  vec(my $lbcheck = '', 0, 1) = 1;
  vec(my $answer = '', fileno $socket, 1) = 1;
  # True when there is an answer within so many seconds. Stdin ends with lbcheck.
  my $wait_for = sub {
    select my $gone = $lbcheck, my $ready = $answer, undef, $_[0];
    exit if vec $gone, 0, 1;
    return vec $ready, fileno $socket, 1;
  };
  print "sent\n" unless $wait_for->(0);
  unless ($wait_for->($seconds < 1.2 ? $seconds : 1.2)) {
    # After a second the kernel has tried to send the SYN once more. Its count of what left is behind its
    # count of tries when something dropped it here, or when the first SYN still waits for ARP.
    my ($tries, $left) = unpack 'x2 C x33 L', getsockopt $socket, 6, 11; # TCP_INFO
    my $waiting = unpack 'x8 L', getsockopt $socket, 1, 55; # SO_MEMINFO
    if ($tries > $left && !$waiting) { print "held\n"; exit }
    $seconds > 1.2 && $wait_for->($seconds - 1.2) or exit;
  }
  $errno = unpack 'i', getsockopt $socket, 1, 4; # SO_ERROR
}
# A port among the ephemeral ones that is closed may be connected to itself.
my ($self, $peer) = $errno ? () : (getsockname $socket, getpeername $socket);
my @icmp = (0, 0, 0, 0);
if ($errno && $recvmsg) {
  my $control = "\0" x 256;
  my $message = pack 'Q Q Q Q P Q Q', 0, 0, 0, 0, $control, length $control, 0;
  if (syscall($recvmsg, fileno $socket, $message, 0x2000) >= 0) { # MSG_ERRQUEUE
    my ($origin, $type, $code) = unpack 'x20 C C C', $control;
    my $offender = unpack $is6 ? 'x40 a16' : 'x36 a4', $control;
    my $own = unpack $is6 ? 'x8 a16' : 'x4 a4', getsockname $socket;
    @icmp = ($origin, $type, $code, $offender eq $own && $own ne $address ? 1 : 0);
  }
}
close $socket;
$errno = 111 if defined $self && $self eq $peer;
print "end $errno @icmp\n";
`;
