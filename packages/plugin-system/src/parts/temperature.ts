import type { PartContext, Report } from '../part.js';
import { statelessPart } from '../part.js';

/** The kernel gives thousandths of a degree. */
const MILLIDEGREE = 0.001;

/** `/sys/class/hwmon` and `/sys/class/thermal`: how hot is it? */
export const temperature = statelessPart({
  name: 'hwmon',
  metrics: [
    {
      name: 'node_hwmon_temp_celsius',
      type: 'gauge',
      unit: 'celsius',
      help: 'Hardware monitor for temperature.',
      labels: ['chip', 'sensor'],
    },
    {
      name: 'node_hwmon_chip_names',
      type: 'gauge',
      help: 'Name of each chip, for people.',
      labels: ['chip', 'chip_name'],
    },
    {
      name: 'node_thermal_zone_temp',
      type: 'gauge',
      unit: 'celsius',
      help: 'Zone temperature in Celsius.',
      labels: ['zone', 'type'],
    },
  ],
  read(context, report) {
    for (const folder of context.files.sysFolder('class/hwmon')) readChip(context, report, folder);
    for (const folder of context.files.sysFolder('class/thermal')) readZone(context, report, folder);
  },
});

function readChip({ files, labels }: PartContext, report: Report, folder: string): void {
  const path = `class/hwmon/${folder}`;
  const name = files.sysIfPresent(`${path}/name`);
  if (name !== undefined) report('node_hwmon_chip_names', 1, labels.of(['chip', 'chip_name'], folder, name));
  for (const file of files.sysFolder(path)) {
    const sensor = /^(temp[0-9]+)_input$/.exec(file)?.[1];
    const value = sensor === undefined ? undefined : files.sysIfPresent(`${path}/${file}`);
    if (sensor === undefined || value === undefined) continue;
    report(
      'node_hwmon_temp_celsius',
      Number(value) * MILLIDEGREE,
      labels.of(['chip', 'sensor'], folder, sensor),
    );
  }
}

function readZone({ files, labels }: PartContext, report: Report, folder: string): void {
  const zone = /^thermal_zone([0-9]+)$/.exec(folder)?.[1];
  const value = zone === undefined ? undefined : files.sysIfPresent(`class/thermal/${folder}/temp`);
  if (zone === undefined || value === undefined) return;
  const type = files.sysIfPresent(`class/thermal/${folder}/type`) ?? '';
  report('node_thermal_zone_temp', Number(value) * MILLIDEGREE, labels.of(['zone', 'type'], zone, type));
}
