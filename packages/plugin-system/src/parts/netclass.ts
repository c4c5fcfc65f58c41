import { statelessPart } from '../part.js';

/** Bits in a byte, and a million of them: the kernel says Mbit/s, node_exporter bytes per second. */
const BYTES_PER_MEGABIT = 125_000;

/** `/sys/class/net`: is the cable in, and how fast is it? */
export const netclass = statelessPart({
  name: 'netclass',
  metrics: [
    {
      name: 'node_network_up',
      type: 'gauge',
      help: 'Value is 1 if operstate is up, 0 otherwise.',
      labels: ['device'],
    },
    {
      name: 'node_network_speed_bytes',
      type: 'gauge',
      unit: 'bytes',
      help: 'Speed of the device in bytes per second.',
      labels: ['device'],
    },
    {
      name: 'node_network_mtu_bytes',
      type: 'gauge',
      unit: 'bytes',
      help: 'Largest packet of the device.',
      labels: ['device'],
    },
  ],
  read({ files, options, labels }, report) {
    const excluded = new RegExp(options.exclude_network_devices);
    for (const device of files.sysFolder('class/net')) {
      const state = files.sysIfPresent(`class/net/${device}/operstate`);
      if (state === undefined || excluded.test(device)) continue;
      const ofDevice = labels.of(['device'], device);
      report('node_network_up', state === 'up' ? 1 : 0, ofDevice);
      report('node_network_mtu_bytes', numberOf(files.sysIfPresent(`class/net/${device}/mtu`)), ofDevice);
      // Virtual devices and unplugged ones answer with -1 or an error.
      const megabits = numberOf(files.sysIfPresent(`class/net/${device}/speed`));
      if (megabits > 0) report('node_network_speed_bytes', megabits * BYTES_PER_MEGABIT, ofDevice);
    }
  },
});

function numberOf(text: string | undefined): number {
  return text === undefined || text === '' ? Number.NaN : Number(text);
}
