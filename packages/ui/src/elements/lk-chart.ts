import { css, html, type PropertyValues, unsafeCSS } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type uPlot from 'uplot';
import uPlotStyles from 'uplot/dist/uPlot.min.css?inline';
import { baseStyles } from '../theme/base-styles.js';
import { LkElement } from './lk-element.js';

/** One line of a chart; `null` leaves a gap. */
export interface ChartLine {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

/** What a chart shows. */
export interface ChartData {
  /** Unix seconds, ascending; as long as every line. */
  readonly timestamps: readonly number[];
  readonly lines: readonly ChartLine[];
}

const HEIGHT_PX = 190;
/** Room for the longest number beside the scale: a digit of the axis' 12 px font, and what stays free around it. */
const DIGIT_WIDTH_PX = 7;
const AXIS_MARGIN_PX = 18;
/** Beyond these many lines colours repeat; they stay apart by their labels. */
const LINE_COLOURS = ['--_accent', '--_degraded', '--_up', '--_down', '--_unknown'] as const;

/** Numbers over time, with a cursor shared by all charts of the same `group`. */
@customElement('lk-chart')
export class LkChart extends LkElement {
  static override styles = [
    ...baseStyles,
    unsafeCSS(uPlotStyles),
    css`
      .uplot {
        font-family: var(--_font);
      }
      .u-legend {
        color: var(--_quiet);
        font-size: 12.5px;
      }
      .u-legend th {
        font-weight: 500;
      }
      /* The time under the cursor; without a cursor there is none. */
      .u-legend tr:first-child {
        min-height: 1.7em;
      }
      .u-legend tr:first-child th {
        display: none;
      }
      .u-select {
        background: color-mix(in oklab, var(--_accent) 18%, transparent);
      }
      figure {
        margin: 0;
      }
    `,
  ];

  /** Said by screen readers, and the legend's title. */
  @property() label = '';
  @property({ attribute: false }) data?: ChartData;
  /** How a value is written. */
  @property({ attribute: false }) formatValue: (value: number | null) => string = (value) =>
    this.format.number(value);
  /** Top of the scale; absent: as high as the values need. */
  @property({ type: Number }) maximum?: number;
  /** Charts of one group share their cursor. */
  @property() group = '';
  #plot: uPlot | undefined;
  #observer: ResizeObserver | undefined;
  /** The text colour at the last drawing; another one means that the page went from light to dark. */
  #drawnFor = '';

  override render() {
    return html`<figure role="img" aria-label=${this.label}></figure>`;
  }

  override updated(changed: PropertyValues<this>): void {
    if (!this.data) return;
    const isSameShape = this.#plot?.series.length === this.data.lines.length + 1 && !changed.has('maximum');
    if (isSameShape && this.#drawnFor === this.#colour('--_text')) this.#plot?.setData(aligned(this.data));
    else void this.#draw(this.data);
  }

  /** A canvas knows no custom properties and no light-dark(): the browser has to work the colour out first. */
  #colour(name: string): string {
    const figure = this.renderRoot.querySelector('figure');
    if (!figure) return '';
    figure.style.color = `var(${name})`;
    const { color } = getComputedStyle(figure);
    figure.style.color = '';
    return color;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  /** The library is fetched when the first chart is drawn, so that the overview does not pay for it. */
  async #draw(data: ChartData): Promise<void> {
    const { default: Plot } = await import('uplot');
    const figure = this.renderRoot.querySelector('figure');
    if (!figure || !this.isConnected) return;
    this.#plot?.destroy();
    this.#drawnFor = this.#colour('--_text');
    this.#plot = new Plot(this.#options(data, figure.clientWidth), aligned(data), figure);
    this.#observer?.disconnect();
    this.#observer = new ResizeObserver(() =>
      this.#plot?.setSize({ width: figure.clientWidth, height: HEIGHT_PX }),
    );
    this.#observer.observe(figure);
  }

  #options(data: ChartData, width: number): uPlot.Options {
    const colour = (name: string) => this.#colour(name);
    const axis = {
      stroke: colour('--_quiet'),
      grid: { stroke: colour('--_line'), width: 1 },
      ticks: { show: false },
    };
    const writeValues = (_: uPlot, values: (number | null)[]) =>
      values.map((value) => this.formatValue(value));
    const { maximum } = this;
    return {
      width,
      height: HEIGHT_PX,
      cursor: { sync: { key: this.group || this.label }, points: { size: 6 } },
      scales: {
        y: { range: (_, low, high) => [Math.min(0, low), maximum ?? Math.max(high * 1.1, Number.MIN_VALUE)] },
      },
      axes: [axis, { ...axis, size: axisWidth, values: writeValues }],
      series: [
        {
          value: (_, seconds: number | null) =>
            seconds === null ? '' : this.format.dateTime(new Date(seconds * 1_000).toISOString()),
        },
        ...data.lines.map(({ label }, index) => ({
          label,
          stroke: colour(LINE_COLOURS[index % LINE_COLOURS.length] ?? '--_accent'),
          width: 1.6,
          // Two points with nothing between them must not be joined: nobody knows what happened there.
          spanGaps: false,
          value: (_: uPlot, value: number | null) => this.formatValue(value),
        })),
      ],
    };
  }
}

/** Values are absent in the first of uPlot's passes. */
function axisWidth(_: uPlot, values: readonly string[] | null): number {
  const longest = Math.max(4, ...(values ?? []).map((value) => value.length));
  return longest * DIGIT_WIDTH_PX + AXIS_MARGIN_PX;
}

function aligned({ timestamps, lines }: ChartData): uPlot.AlignedData {
  return [[...timestamps], ...lines.map(({ values }) => [...values])];
}
