import { around, deeper, type Operands, type Question, type Spot } from './question.js';
import type { Random } from './random.js';

/** Writes something that must be refused: a wrong type, a broken text, or labels that do not fit. */
export function mistake(random: Random, operands: Operands, spot: Spot): Question {
  const inside = deeper(spot);
  const [vector, scalar, matrix] = [
    operands.vector(inside),
    operands.scalar(inside),
    operands.matrix(inside),
  ];
  const text = random
    .pick(MISTAKES)
    .replaceAll('V', () => `(${vector.text})`)
    .replaceAll('S', () => `(${scalar.text})`)
    .replaceAll('M', () => matrix.text);
  return around(text, [], 'sums');
}

/** V, S and M stand for a vector, a scalar and a range. */
const MISTAKES: readonly string[] = [
  ...[
    'sum(S)',
    'sum(M)',
    'rate(V)',
    'abs(S)',
    'abs(M)',
    'scalar(S)',
    'vector(V)',
    'sum("a")',
    'time(S)',
    'V > M',
  ],
  ...['-M', '-"a"', 'S == S', 'S and V', 'V or S', 'V unless S', 'V + bool V', 'V and bool V', 'S > on () S'],
  ...['V + on (job) S', 'V and group_left () V', 'V and on (job) group_left () V', 'V + group_left () V'],
  ...[
    'V + on (job) group_left (job) V',
    'topk(V)',
    'topk("1", V)',
    'topk(V, V)',
    'sum(1, V)',
    'count_values(1, V)',
  ],
  ...[
    'quantile(V)',
    'clamp(V, S)',
    'round(V, S, S)',
    'label_replace(V, "a", "b")',
    'no_such_function(V)',
    'no_such(V',
  ],
  ...[
    'V)',
    '(V',
    'V V',
    'V +',
    '+',
    '',
    ' ',
    '()',
    'up{',
    'up}',
    'up[5m',
    'up[]',
    'up[5x]',
    'up[0s]',
    'up[-5m]',
  ],
  ...[
    'up[5m][5m]',
    'up[5m:1m',
    'up[:1m]',
    'up[5m:0s]',
    'V[5m]',
    'up offset',
    'up offset five',
    'V offset 5m',
    '1 offset 5m',
  ],
  ...[
    'up @',
    'up @ up',
    'up @ NaN',
    'up @ Inf',
    'V @ 5',
    'up @ start',
    'up offset 5m offset 5m',
    'up @ 5 @ 5',
  ],
  ...[
    '{}',
    '{job=""}',
    '{job=~".*"}',
    '{job!="a"}',
    'up{job=~"("}',
    'up{job=~"(?=a)"}',
    'up{__name__="up"}',
    'up{job=a}',
  ],
  ...[
    'up{job="a" instance="b"}',
    'up{job=="a"}',
    'up{"job}',
    "up{job='a}",
    '"\\z"',
    '"\\400"',
    'up{1a="b"}',
    '1a',
    '0x',
    '1e',
    '5m5',
  ],
  ...[
    'sum by (V) (V)',
    'sum by (1) (V)',
    'sum by job (V)',
    'sum by (job) without (job) (V)',
    'by (job) (V)',
    'sum',
    'sum by (job)',
  ],
  ...[
    'label_replace(V, "a", "b", "c", "(")',
    'label_replace(M, "a", "b", "c", "d")',
    'label_join(V, "a", 1, "b")',
  ],
  ...['count_values("", V)', 'topk(NaN, V)', 'topk(Inf, V)', 'bottomk(1e300, V)', 'group(V, V)'],
  ...[
    'V ^^ V',
    'V === V',
    'V =~ V',
    'V ! V',
    'V <> V',
    'a.b',
    'a-',
    '#',
    'up # V',
    'up\u00a0',
    'ü',
    '$a',
    'up;',
    '`a',
    "'a\n'",
  ],
  ...[
    '(requests_total) / (up)',
    'label_replace(requests_total, "code", "", "", "")',
    'abs({instance="a"})',
    '-{job="api"}',
  ],
  ...[
    'sum_over_time({instance="a"}[5m])',
    'memory_bytes + on () up',
    'up == on () group_left () up',
    'up * on () group_left () once',
  ],
];
