import type { MailWords } from './mail-text.js';

/**
 * Colours for readers in the dark. The light ones stand at the elements, because some programs drop the style sheet;
 * those that do not, and are dark, take these instead. The bar on top keeps its colour.
 */
const DARK_STYLE = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: #15181b !important; }
  .card { background: #1f2428 !important; border-left-color: #343a40 !important; border-right-color: #343a40 !important; border-bottom-color: #343a40 !important; }
  .words { color: #e9ecef !important; }
  .quiet { color: #a7b0b8 !important; }
  .line { border-color: #343a40 !important; }
}`;

const FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const QUIET = '#57606a';

/** The mail for programs that show HTML: one column, no image, nothing loaded from elsewhere. `colour` is `#rrggbb`. */
export function htmlMail(words: MailWords, colour: string): string {
  const { title, text, fields, time, url } = words;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${DARK_STYLE}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f4f5f7">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f5f7"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;background:#ffffff;border:1px solid #d0d7de;border-top:6px solid ${colour};border-radius:6px"><tr><td style="padding:24px;${FONT}">
<h1 class="words" style="margin:0 0 12px;font-size:20px;line-height:1.3;color:#1f2328">${escapeHtml(title)}</h1>
${[textPart(text), fieldPart(fields), linkPart(url, colour)].filter((part) => part !== '').join('\n')}
<p class="quiet line" style="margin:24px 0 0;padding-top:12px;border-top:1px solid #d0d7de;font-size:12px;color:${QUIET}">Labkeeper · ${time}</p>
</td></tr></table>
</td></tr></table>
</body>
</html>
`;
}

function textPart(text: string): string {
  if (text === '') return '';
  return `<p class="words" style="margin:0 0 16px;font-size:15px;line-height:1.5;color:#1f2328">${lines(text)}</p>`;
}

function fieldPart(fields: MailWords['fields']): string {
  if (fields.length === 0) return '';
  const rows = fields.map(
    ({ label, value }) =>
      `<tr><th scope="row" class="quiet" align="left" valign="top" style="padding:3px 16px 3px 0;font-size:14px;font-weight:normal;color:${QUIET}">${escapeHtml(label)}</th>` +
      `<td class="words" valign="top" style="padding:3px 0;font-size:14px;color:#1f2328">${lines(value)}</td></tr>`,
  );
  return `<table cellpadding="0" cellspacing="0" style="margin:0 0 16px;${FONT}">\n${rows.join('\n')}\n</table>`;
}

/** Underlined in the colour of the words around it: readable on light and dark, whatever the severity. */
function linkPart(url: string | undefined, colour: string): string {
  if (url === undefined) return '';
  return `<p style="margin:0"><a class="words" href="${escapeHtml(url)}" style="display:inline-block;padding:8px 16px;border:2px solid ${colour};border-radius:6px;font-size:14px;color:#1f2328">Open in Labkeeper</a></p>`;
}

function lines(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>\n');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text and for attributes in quotes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
