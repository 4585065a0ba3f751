import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CleanUp } from './clean-up.ts';
import { install } from './executable.ts';
import { directory } from './programs.ts';

/** Installs the plugins with scripts/install; returns their directory. */
export async function installPlugins(cleanUp: CleanUp): Promise<string> {
  const root = await directory(cleanUp);
  install('--destdir', root, '--plugin-dir', '/usr/lib/nagios/plugins');
  return join(root, 'usr/lib/nagios/plugins');
}

/** What Debian's own objects are to the shown service, with seconds for minutes. */
const objects = (address: string) => `
define service {
    name                    generic-service
    register                0
    check_interval          1
    retry_interval          1
    max_check_attempts      1
    check_period            always
    notification_period     always
    contacts                nobody
}
define host {
    host_name               mx1
    address                 ${address}
    max_check_attempts      1
    check_period            always
    notification_period     always
    contacts                nobody
}
define timeperiod {
    timeperiod_name         always
    alias                   always
    ${['sun', 'mon', 'tues', 'wednes', 'thurs', 'fri', 'satur'].map((day) => `${day}day 00:00-24:00`).join('\n    ')}
}
define command {
    command_name            nothing
    command_line            /bin/true
}
define contact {
    contact_name                    nobody
    host_notification_period        always
    service_notification_period     always
    host_notification_commands      nothing
    service_notification_commands   nothing
}
`;

/** The files of a Nagios of the test's own; returns nagios.cfg, and the file of its states. */
export async function configureNagios(cleanUp: CleanUp, service: string, address: string) {
  const plugins = await installPlugins(cleanUp);
  const files = await directory(cleanUp, {
    'service.cfg': service,
    'objects.cfg': objects(address),
    'resource.cfg': `$USER1$=${plugins}\n`,
  });
  const status = join(files, 'status.dat');
  const settings = {
    log_file: join(files, 'log'),
    resource_file: join(files, 'resource.cfg'),
    cfg_file: join(files, 'service.cfg'),
    object_cache_file: join(files, 'objects.cache'),
    status_file: status,
    status_update_interval: 1,
    temp_file: join(files, 'temporary'),
    temp_path: files,
    check_result_path: files,
    check_result_reaper_frequency: 1,
    check_external_commands: 0,
    command_file: join(files, 'command'),
    query_socket: join(files, 'query'),
    lock_file: join(files, 'pid'),
    state_retention_file: join(files, 'retention'),
    retain_state_information: 0,
    use_syslog: 0,
    check_for_updates: 0,
    interval_length: 1,
    // Debian's own, without which a plugin's output would run through unchanged.
    illegal_macro_output_chars: '`~$&|\'"<>',
  };
  const lines = Object.entries({ ...settings, nagios_user: 'root', nagios_group: 'root' })
    .map(([name, value]) => `${name}=${value}\n`)
    .concat(`cfg_file=${join(files, 'objects.cfg')}\n`);
  const main = join(files, 'nagios.cfg');
  writeFileSync(main, lines.join(''));
  return { main, status };
}
